// Refresh tokens. Each is good once and gives way to the next of its family; one that comes again has been copied, and
// since nobody knows whether by its owner, the whole family ends (RFC 9700, 4.14.2).
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Database, Transaction } from '../../stores/database.ts';

/** From the sign-in on, however often it is renewed: a stolen session ends at the latest by then. */
const LIFETIME_MS = 7 * 24 * 3_600_000;
/** Tokens of one customer; the oldest give way. */
const KEPT_EACH = 200;

export type Renewal =
  | { kind: 'renewed'; customerId: number; refreshToken: string }
  /** Never issued, over, or signed out. */
  | { kind: 'unknown' }
  | { kind: 'reused' };

export async function openSession(database: Database, customerId: number, now = new Date()): Promise<string> {
  return database.transaction(async (transaction) => {
    const expiresAt = new Date(now.getTime() + LIFETIME_MS).toISOString();
    const token = await addToken(transaction, { family: randomUUID(), customerId, expiresAt }, now);
    await transaction.query(
      `delete from sessions where customer_id = $1 and token_hash not in
        (select token_hash from sessions where customer_id = $1 order by created_at desc limit ${KEPT_EACH})`,
      [customerId],
    );
    return token;
  });
}

export async function renewSession(database: Database, refreshToken: string, now = new Date()): Promise<Renewal> {
  const hash = toHash(refreshToken);
  return database.transaction(async (transaction) => {
    // Of two that come at once, the second waits here for the first, and then finds the token used.
    const [session] = await transaction.query<{ family: string; customer_id: number; expires_at: string }>(
      `update sessions set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2
        returning family, customer_id, expires_at`,
      [hash, now.toISOString()],
    );
    if (session !== undefined) {
      const { family, customer_id: customerId, expires_at: expiresAt } = session;
      const next = await addToken(transaction, { family, customerId, expiresAt }, now);
      return { kind: 'renewed', customerId, refreshToken: next };
    }
    const [spent] = await transaction.query<{ family: string }>(
      'select family from sessions where token_hash = $1 and used_at is not null',
      [hash],
    );
    if (spent === undefined) return { kind: 'unknown' };
    await transaction.query('delete from sessions where family = $1', [spent.family]);
    return { kind: 'reused' };
  });
}

/** Ends the session that the token belongs to. A token that is not known changes nothing. */
export async function closeSession(database: Database, refreshToken: string): Promise<void> {
  await database.query('delete from sessions where family in (select family from sessions where token_hash = $1)', [
    toHash(refreshToken),
  ]);
}

interface NewToken {
  family: string;
  customerId: number;
  expiresAt: string;
}

async function addToken(
  transaction: Transaction,
  { family, customerId, expiresAt }: NewToken,
  now: Date,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await transaction.query(
    'insert into sessions (token_hash, family, customer_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [toHash(token), family, customerId, now.toISOString(), expiresAt],
  );
  return token;
}

/** Whoever reads the table cannot sign in with it. No salt: the tokens are random already. */
function toHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
