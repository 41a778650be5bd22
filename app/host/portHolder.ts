// Which process listens on a port, as far as this user may see it: by the tables of Linux, without another program.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** `postgres (pid 4711)`; undefined where it is not Linux, or the process is somebody else's. */
export function findPortHolder(port: number, procFolder = '/proc'): string | undefined {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listListening(read(`${procFolder}/net/${table}`), port)));
  if (inodes.size === 0) return undefined;
  for (const pid of list(procFolder)) {
    if (!/^\d+$/.test(pid)) continue;
    const folder = `${procFolder}/${pid}`;
    if (!list(`${folder}/fd`).some((descriptor) => inodes.has(readLink(`${folder}/fd/${descriptor}`)))) continue;
    return `${toName(read(`${folder}/cmdline`))} (pid ${pid})`;
  }
  return undefined;
}

/** A process names itself, so that what could steer a terminal is left out. Its command, since threads have names of their own. */
function toName(commandLine: string): string {
  const [program = ''] = commandLine.split('\0');
  const name = basename(program).replace(/[^\w .:-]/g, '');
  return name.slice(0, 40) || 'a program';
}

/** As links of descriptors name them. Pure. */
export function listListening(table: string, port: number): string[] {
  const listening = '0A';
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === listening && local.endsWith(`:${wanted}`) ? [`socket:[${inode}]`] : [];
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
