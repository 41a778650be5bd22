// Registering, signing in, renewing and signing out.
import { ok, type Reply, type Route } from '../../kit/routes.ts';
import type { Database } from '../../stores/database.ts';
import { ACCESS_LIFETIME_SECONDS, type AccessTokens } from './accessTokens.ts';
import { type Account, addAccount, findAccount } from './accounts.ts';
import { getCustomerId } from './customers.ts';
import type { Passwords } from './passwords.ts';
import { RefusedRequest, readObject, readText } from './refusal.ts';
import { closeSession, openSession, renewSession } from './sessions.ts';

export interface AuthSetting {
  database: Database;
  passwords: Passwords;
  tokens: AccessTokens;
}

/** Names that look alike would be a way to pose as somebody: so few characters. */
const USERNAME = /^[a-z][a-z0-9._-]{2,31}$/;
const PASSWORD = { least: 8, most: 128 };
/** Of the shop itself, and of the customers of the seeded past. */
const RESERVED = /^(?:admin|demo|root|system|customer-.*)$/;

export function authRoutes({ database, passwords, tokens }: AuthSetting): Route[] {
  const give = async (account: Account, refreshToken?: string): Promise<Reply> =>
    unstored({
      token: tokens.issue(account),
      tokenType: 'Bearer',
      expiresInSeconds: ACCESS_LIFETIME_SECONDS,
      refreshToken: refreshToken ?? (await openSession(database, account.id)),
      scope: account.scopes,
    });
  return [
    {
      method: 'POST',
      path: '/auth/register/',
      handle: async (request) => {
        const account = await addAccount(database, passwords, readRegistration(readObject(request)));
        if (account === undefined) throw new RefusedRequest(409, 'name-taken', 'there is an account of this username');
        return { status: 201, body: toProfile(account) };
      },
    },
    {
      method: 'POST',
      path: '/auth/login/',
      handle: async (request) => {
        const object = readObject(request);
        const username = readText(object, 'username', { most: 64 }).toLowerCase();
        const password = readText(object, 'password', { most: PASSWORD.most });
        const account = await findAccount(database, { username });
        const isRight = await passwords.isRight(password, account?.password ?? null);
        if (account !== undefined && isRight) return give(account);
        throw new RefusedRequest(401, 'wrong-credentials', 'username or password is wrong');
      },
    },
    {
      method: 'POST',
      path: '/auth/refresh/',
      handle: async (request) => {
        const renewal = await renewSession(database, readText(readObject(request), 'refreshToken'));
        if (renewal.kind === 'reused') {
          throw new RefusedRequest(401, 'refresh-token-reused', 'this token was used before; the session has ended');
        }
        const account =
          renewal.kind === 'renewed' ? await findAccount(database, { id: renewal.customerId }) : undefined;
        if (account !== undefined && renewal.kind === 'renewed') return give(account, renewal.refreshToken);
        throw new RefusedRequest(401, 'refresh-token-invalid', 'this token is not known, or over; sign in again');
      },
    },
    {
      method: 'POST',
      path: '/auth/logout/',
      // Without a token there is nothing to end: the access token ends by itself.
      handle: async (request) => {
        const { refreshToken } = readObject(request);
        if (typeof refreshToken === 'string') await closeSession(database, refreshToken);
        return { status: 204, body: '' };
      },
    },
    {
      method: 'GET',
      path: '/auth/me/',
      handle: async (request) => {
        const account = await findAccount(database, { id: getCustomerId(request) });
        if (account !== undefined) return unstored(toProfile(account));
        throw new RefusedRequest(401, 'not-signed-in', 'the account of this token is not there; sign in again');
      },
    },
    { method: 'GET', path: '/auth/jwks.json', isOpen: true, handle: () => ok(tokens.jwks) },
  ];
}

function readRegistration(object: Record<string, unknown>) {
  const username = readText(object, 'username', { most: 64 }).toLowerCase();
  if (!USERNAME.test(username) || RESERVED.test(username)) {
    throw new RefusedRequest(
      400,
      'bad-username',
      'username must have 3 to 32 of a-z, 0-9, dot, hyphen and underscore, begin with a letter and not be reserved',
    );
  }
  const password = readText(object, 'password', PASSWORD);
  const email = readText(object, 'email', { least: 3, most: 254 });
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new RefusedRequest(400, 'bad-email', 'email must be an address');
  const name = object.name === undefined ? username : readText(object, 'name', { most: 100 });
  return { username, password, email, name };
}

function toProfile({ id, username, name, email, scopes }: Account) {
  return { id, username, name, email, scopes: scopes.split(' ').filter((scope) => scope !== '') };
}

/** RFC 6749, 5.1: no cache may keep what carries tokens. */
function unstored(body: unknown): Reply {
  return { status: 200, headers: { 'cache-control': 'no-store' }, body };
}
