// What the host may ask for its secrets, over the channel of Node's child processes; app/host/parentKeeper.ts sends it. Pure.

export type SecretCall = { readonly id: number } & (
  | { readonly call: 'about' }
  | { readonly call: 'keep'; readonly name: string; readonly value: string }
  | { readonly call: 'recall' | 'forget'; readonly name: string }
);

/** A name is an engine and a project; a value is a bearer token. */
const MAX_NAME = 1100;
const MAX_VALUE = 8192;

/** undefined for whatever else a process may send. */
export function parseSecretCall(message: unknown): SecretCall | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { secrets: id, call, name, value } = message as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  if (call === 'about') return { id, call };
  if (!isText(name, MAX_NAME)) return undefined;
  if (call === 'recall' || call === 'forget') return { id, call, name };
  return call === 'keep' && isText(value, MAX_VALUE) ? { id, call, name, value } : undefined;
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= limit;
}
