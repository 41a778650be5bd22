// What finding an engine needs of the machine.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** What the search needs of the machine, so that it can be tested with a table. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  /** Of the user; undefined where the system has none. */
  userId: number | undefined;
  platform: NodeJS.Platform;
  /** undefined when the file cannot be read. */
  readText(path: string): string | undefined;
  exists(path: string): boolean;
  /** The names in a folder; none when it cannot be read. */
  listFolder(path: string): string[];
}

export const thisMachine: Machine = {
  env: process.env,
  homeFolder: homedir(),
  userId: process.getuid?.(),
  platform: process.platform,
  exists: existsSync,
  listFolder(path) {
    try {
      return readdirSync(path);
    } catch {
      return [];
    }
  },
  readText(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
};
