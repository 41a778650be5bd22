// Finds and reads the compose file of a folder. The operator's files are only ever read.
import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { GatehouseError } from '../../contract/index.ts';
import { parseComposeFile } from './composeFile.ts';
import type { ComposeProject } from './composeProject.ts';
import { parseEnvFile } from './interpolate.ts';

/** In the order in which compose looks for them. */
const names = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const sizeLimitBytes = 1024 * 1024;

/** Throws `folder-unreadable` or `compose-invalid`. `variables` win over the folder's .env, as in compose. */
export async function loadComposeFolder(
  folder: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ComposeProject> {
  const path = resolve(folder);
  const info = await stat(path).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw unreadable(`${path} is no folder that can be read.`, 'Give the folder that holds the compose file.');
  }
  for (const file of names) {
    const text = await readBounded(join(path, file));
    if (text === undefined) continue;
    const env = parseEnvFile((await readBounded(join(path, '.env'))) ?? '');
    return parseComposeFile({ file, text, folderName: basename(path), variables: { ...env, ...variables } });
  }
  throw unreadable(`${path} holds none of ${names.join(', ')}.`, 'Give the folder that holds the compose file.');
}

/** undefined when there is no such file. */
async function readBounded(path: string): Promise<string | undefined> {
  try {
    const info = await stat(path);
    if (info.size > sizeLimitBytes || !info.isFile()) {
      throw unreadable(`${path} is no file of at most ${sizeLimitBytes} bytes.`, 'Check the file.');
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unreadable(`${path} cannot be read: ${code ?? 'unknown reason'}.`, 'Check its permissions.');
  }
}

function unreadable(message: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'folder-unreadable', message, remedy });
}
