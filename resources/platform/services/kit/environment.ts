// What a program is told by variables of its environment; a secret stands in a variable or, better, in a file of its own.
import { readFileSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The secret `name`: the variable of that name, or what is in the file that `NAME_FILE` names, without the line's end.
 * undefined when neither is set. Throws when both are, or when the file cannot be read or is empty.
 */
export function findSecret(environment: Environment, name: string): string | undefined {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return value;
  if (value !== undefined) throw new Error(`${name} and ${name}_FILE are both set; unset one of them`);
  const secret = read(name, path).replace(/\r?\n$/, '');
  if (secret === '') throw new Error(`${name}_FILE names ${path}, which is empty; write the secret into it`);
  return secret;
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${name}_FILE names ${path}, which cannot be read (${code}); is the secret mounted?`);
  }
}

/** How much a process takes on at once: database connections, or tasks. One Node process has one event loop. */
export function findWorkers(environment: Environment): number {
  const text = environment.WORKERS || '4';
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) {
    throw new Error(`WORKERS is ${JSON.stringify(text)}; it must be a whole number from 1 to 64`);
  }
  return workers;
}
