// Where a running host can be found, and the token with which the command line of the same user speaks to it:
// one 0600 file a host, in a folder that nobody else can enter.
import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const runningHostSchema = z.object({
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/),
  port: z.number().int().min(1).max(65535),
  pid: z.number().int().positive(),
  token: z.string().min(1).max(100),
  /** Epoch ms. */
  startedAt: z.number(),
  version: z.string().max(100),
});
export type RunningHost = z.infer<typeof runningHostSchema>;

const MAX_FILE_BYTES = 4096;
const FILE_NAME = /^host-\d{1,5}\.json$/;

/** GATEHOUSE_RUNTIME_DIR, or the session's runtime folder, or one in the user's home. */
export function runtimeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.GATEHOUSE_RUNTIME_DIR) return environment.GATEHOUSE_RUNTIME_DIR;
  if (environment.XDG_RUNTIME_DIR) return join(environment.XDG_RUNTIME_DIR, 'gatehouse');
  return join(homedir(), '.gatehouse', 'run');
}

/** Creates the folder if needed. Throws, with the remedy, when somebody else could read or plant a file in it. */
export function ensureRuntimeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const reason = whyNotPrivate(folder, 'directory');
  if (reason) {
    throw new Error(`the runtime folder ${folder} ${reason}; run \`chmod 700\` on it, or set GATEHOUSE_RUNTIME_DIR`);
  }
}

/** Windows keeps profiles private by access lists, which modes do not show. */
function whyNotPrivate(path: string, kind: 'directory' | 'file'): string | undefined {
  const stats = lstatSync(path);
  if (kind === 'directory' ? !stats.isDirectory() : !stats.isFile()) return `is not a ${kind}`;
  if (process.platform === 'win32') return undefined;
  if (stats.uid !== process.getuid?.()) return 'belongs to another user';
  if ((stats.mode & 0o077) !== 0) return 'is open to other users';
  return undefined;
}

/** Writes the file of a host and gives back what removes it again. */
export function writeRuntimeFile(folder: string, host: RunningHost): () => void {
  ensureRuntimeFolder(folder);
  const path = join(folder, `host-${host.port}.json`);
  // Written beside and renamed: a reader never sees half a file, and a planted link is replaced, not followed.
  const draft = join(folder, `.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(host), { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
  return () => {
    // Only our own: after a forced end, the next host on this port has written another.
    if (readRuntimeFile(path)?.pid === host.pid) rmSync(path, { force: true });
  };
}

/** The hosts that run now. Files of processes that are gone are removed on the way. */
export function findRunningHosts(folder: string): RunningHost[] {
  let names: string[];
  try {
    if (whyNotPrivate(folder, 'directory')) return [];
    names = readdirSync(folder).filter((name) => FILE_NAME.test(name));
  } catch {
    return [];
  }
  const hosts: RunningHost[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const host = readRuntimeFile(path);
    if (host && isAlive(host.pid)) hosts.push(host);
    else if (host) rmSync(path, { force: true });
  }
  return hosts.sort((a, b) => a.port - b.port);
}

function readRuntimeFile(path: string): RunningHost | undefined {
  try {
    if (whyNotPrivate(path, 'file') || lstatSync(path).size > MAX_FILE_BYTES) return undefined;
    return runningHostSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
