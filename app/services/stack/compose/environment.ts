// The variables that a project is read with: those handed in win over the .env file's.
import { DotenvError, type DotenvResult, parseDotenv, parseRawEnv } from './dotenv.ts';
import { unreadable } from './fileReader.ts';
import type { Lookup } from './interpolate.ts';
import { problemAt } from './problem.ts';
import { type LoadSession, readSource, toShownPath, warn } from './session.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export function lookupIn(environment: Environment): Lookup {
  return (name) => (Object.hasOwn(environment, name) ? environment[name] : undefined);
}

/** `environment` with what the folder's .env adds, or the files that COMPOSE_ENV_FILES names. */
export async function withDotenv(environment: Environment, folder: string, session: LoadSession): Promise<Environment> {
  const lookup = lookupIn(environment);
  const named = lookup('COMPOSE_ENV_FILES');
  if (named) {
    const files = named.split(',').map((file) => session.reader.path.resolve(folder, file.trim()));
    return await withEnvFiles(environment, files, session);
  }
  if (lookup('COMPOSE_DISABLE_ENV_FILE')?.match(/^(1|t|true)$/i)) return environment;
  const file = session.reader.path.join(folder, '.env');
  const text = await readSource(session, file);
  return text === undefined ? environment : addVariables(environment, parseEnvFile({ file, text, lookup }, session));
}

/** Each file sees what those before it set. Throws `compose-invalid` when one is not there. */
export async function withEnvFiles(environment: Environment, files: readonly string[], session: LoadSession) {
  let known = environment;
  for (const file of files) {
    const text = await readSource(session, file);
    if (text === undefined) throw unreadable(`the env file ${toShownPath(session, file)} is not there.`, 'Add it.');
    known = addVariables(known, parseEnvFile({ file, text, lookup: lookupIn(known) }, session), environment);
  }
  return known;
}

function addVariables(known: Environment, added: Readonly<Record<string, string>>, first = known): Environment {
  return { ...known, ...added, ...first };
}

interface EnvText {
  readonly file: string;
  readonly text: string;
  readonly lookup: Lookup;
  readonly raw?: boolean;
}

/** Throws `compose-invalid` with file and line. Values stay out of messages: they are secrets often enough. */
export function parseEnvFile(
  { file, text, lookup, raw }: EnvText,
  session: LoadSession,
): Readonly<Record<string, string>> {
  const shown = toShownPath(session, file);
  let result: DotenvResult;
  try {
    result = raw ? parseRawEnv(text, lookup) : parseDotenv(text, lookup);
  } catch (error) {
    if (!(error instanceof DotenvError)) throw error;
    throw problemAt({ file: shown, line: error.line, column: 1 }, error.message, 'Correct the file at this place.');
  }
  for (const name of result.missing) warn(session, shown, `variable ${name} is not set; it is empty here`);
  return result.variables;
}
