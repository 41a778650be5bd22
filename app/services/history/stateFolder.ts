// Where what outlives the host is kept: one folder of the user's, that nobody else can write to.
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface StateMachine {
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  platform: NodeJS.Platform;
}

const thisMachine: StateMachine = { env: process.env, homeFolder: homedir(), platform: process.platform };

/** GATEHOUSE_STATE_DIR, or where this system keeps the state of a user's programs. */
export function findStateFolder({ env, homeFolder, platform }: StateMachine = thisMachine): string {
  if (env.GATEHOUSE_STATE_DIR) return env.GATEHOUSE_STATE_DIR;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homeFolder, 'AppData', 'Local'), 'Gatehouse');
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support', 'Gatehouse');
  return join(env.XDG_STATE_HOME || join(homeFolder, '.local', 'state'), 'gatehouse');
}

/** Creates the folder if needed. Throws, with the remedy, when somebody else could plant a file in it. */
export function ensureStateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  // Windows keeps profiles private by access lists, which modes do not show.
  if (process.platform === 'win32') return;
  const reason = !stats.isDirectory()
    ? 'is not a directory'
    : stats.uid !== process.getuid?.()
      ? 'belongs to another user'
      : (stats.mode & 0o022) !== 0
        ? 'can be written to by other users'
        : null;
  if (reason) throw new Error(`the folder ${folder} ${reason}; run \`chmod 700\` on it, or set GATEHOUSE_STATE_DIR`);
}
