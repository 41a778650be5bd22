import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders `sandbox-<pid>` whose process is gone. Pure. */
export function findStaleFolders(names: readonly string[], isAlive: (pid: number) => boolean): string[] {
  return names.filter((name) => {
    const pid = /^sandbox-([1-9]\d{0,9})$/.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
}

/** What hosts that were killed left behind. Their engines end by themselves when their host is gone. */
export async function removeStaleFolders(runtimeFolder: string): Promise<void> {
  const names = await readdir(runtimeFolder).catch(() => []);
  const stale = findStaleFolders(names, isProcessAlive);
  await Promise.all(
    stale.map((name) => rm(join(runtimeFolder, name), { recursive: true, force: true }).catch(() => {})),
  );
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
