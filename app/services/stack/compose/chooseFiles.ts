// Which files a project is made of: those named, COMPOSE_FILE, or the first of compose's own names with its override.

import { type Environment, lookupIn } from './environment.ts';
import { unreadable } from './fileReader.ts';
import { type LoadSession, warn } from './session.ts';

/** In the order in which compose looks for them. */
export const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** Absolute paths, the main file first. Throws `folder-unreadable` when there is none. */
export async function chooseFiles(
  named: readonly string[] | undefined,
  environment: Environment,
  session: LoadSession,
): Promise<string[]> {
  const { reader, folder } = session;
  const { path } = reader;
  const lookup = lookupIn(environment);
  const separator = lookup('COMPOSE_PATH_SEPARATOR') || path.delimiter;
  const files = named ?? lookup('COMPOSE_FILE')?.split(separator).filter(Boolean);
  if (files && files.length > 0) return files.map((file) => path.resolve(folder, file));
  const found = await findAll(fileNames, session);
  const [main] = found;
  if (main === undefined) {
    throw unreadable(
      `${folder} holds none of ${fileNames.join(', ')}.`,
      'Give the folder that holds the compose file.',
    );
  }
  if (found.length > 1) warn(session, found.join(', '), `several compose files; ${main} is read`);
  const overrides = await findAll(overrideNames, session);
  const [override] = overrides;
  if (overrides.length > 1) warn(session, overrides.join(', '), `several override files; ${override} is read`);
  return [main, ...(override ? [override] : [])].map((file) => path.join(folder, file));
}

async function findAll(names: readonly string[], { reader, folder }: LoadSession): Promise<string[]> {
  const texts = await Promise.all(names.map((name) => reader.readText(reader.path.join(folder, name))));
  return names.filter((_, at) => texts[at] !== undefined);
}
