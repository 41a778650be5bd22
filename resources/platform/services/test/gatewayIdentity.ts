// Signs requests as the gateway does, so that a service can be asked as it would be through it. How the gateway itself does
// it is tested where the gateway runs.
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDENTITY_FIELD } from '../kit/identity.ts';

const SECRET = 'a secret of the tests, of 32 bytes';

export interface Sender {
  subject: number;
  scopes?: string;
  provider?: string;
}

export interface Asked {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  /** undefined: nobody has signed in. */
  by?: Sender | undefined;
}

/** A file with the gateway's key, for GATEHOUSE_IDENTITY_FILE. */
export function createIdentityFile(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'identity-'));
  const path = join(folder, 'secret');
  writeFileSync(path, SECRET);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Asks a service behind the gateway, for the gateway. */
export async function askSigned(url: string, upstream: string, { method = 'GET', body, headers, by }: Asked = {}) {
  const { host, pathname, search } = new URL(url);
  const requestId = randomUUID();
  const signature = sign({ method, host, path: pathname + search, rid: requestId, aud: upstream }, by);
  const response = await fetch(url, {
    method,
    headers: { ...headers, 'x-request-id': requestId, [IDENTITY_FIELD]: signature },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) };
}

function sign(facts: Record<string, string>, by: Sender | undefined): string {
  const kid = createHmac('sha256', SECRET).update('gatehouse identity key id').digest('base64url').slice(0, 11);
  const iat = Math.floor(Date.now() / 1_000);
  const who = by && { sub: String(by.subject), provider: by.provider ?? 'shop', scope: by.scopes ?? 'customer' };
  const claims = { iss: 'gatehouse', sub: 'anonymous', ...who, ...facts, iat, exp: iat + 15 };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${encode({ alg: 'HS256', typ: 'gatehouse-identity+jwt', kid })}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}
