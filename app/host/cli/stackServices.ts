// The services that a command names, of those that an answer is about.
import { CommandError, EXIT } from './exitCodes.ts';

/** Pure. All when none is named. Throws CommandError for one that is not there. */
export function requireServices<T extends { service: string }>(all: readonly T[], named: readonly string[]): T[] {
  if (named.length === 0) return [...all];
  const known = new Set(all.map(({ service }) => service));
  const unknown = named.find((name) => !known.has(name));
  if (unknown === undefined) return all.filter(({ service }) => named.includes(service));
  const names = [...known].sort().join(', ') || 'none';
  throw new CommandError(EXIT.wrongUse, `the stack has no service "${unknown}"; it has ${names}`);
}
