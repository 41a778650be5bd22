// Where to dial a name: a JSON file maps `search:8002` to `127.0.0.1:21007`, so that containers can be local processes.
import { readFileSync, statSync } from 'node:fs';
import type { Log } from '../server/log.ts';

/** Often enough that a restarted service is found at once, rarely enough to cost nothing. */
const CHECK_EVERY_MS = 250;

export interface Hosts {
  /** The address to dial for `name:port`; the name itself where nothing else is known. */
  resolve(authority: string): string;
}

interface HostsOptions {
  /** Absent: every name is dialled as it is. */
  readonly file?: string | undefined;
  readonly log?: Log;
  readonly now?: () => number;
}

/** A file that cannot be read or parsed leaves the last good mapping in force, and is logged once per change. */
export function createHosts({ file, log, now = () => performance.now() }: HostsOptions): Hosts {
  if (file === undefined) return { resolve: (authority) => authority };
  let mapping: ReadonlyMap<string, string> = new Map();
  let checkedAt = Number.NEGATIVE_INFINITY;
  let seen = '';

  function refresh(path: string): void {
    const fingerprint = findFingerprint(path);
    if (fingerprint === seen) return;
    seen = fingerprint;
    try {
      mapping = parseHosts(readFileSync(path, 'utf8'));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log?.warn('hosts file not usable, the last good one stays in force', { file: path, reason });
    }
  }

  return {
    resolve(authority) {
      const at = now();
      if (at - checkedAt >= CHECK_EVERY_MS) {
        checkedAt = at;
        refresh(file);
      }
      return mapping.get(authority) ?? authority;
    },
  };
}

/** Changes when the file does. Size and inode too: two writes within one tick of the file system's clock share their time. */
export function findFingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : 'absent';
}

/** Throws when the text is not an object of `name:port` → `host:port`. */
export function parseHosts(text: string): ReadonlyMap<string, string> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the hosts file is not a JSON object of "name:port": "host:port"');
  const mapping = new Map<string, string>();
  for (const [name, address] of Object.entries(value)) {
    if (!isAuthority(name) || typeof address !== 'string' || !isAuthority(address))
      throw new Error(`the hosts file maps "${name}" to ${JSON.stringify(address)}; both must be host:port`);
    mapping.set(name, address);
  }
  return mapping;
}

function isAuthority(text: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/.test(text);
}
