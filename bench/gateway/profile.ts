// Where the time of the gateway goes: a CPU profile by function, each with the source file that it came from.
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Less is noise. */
const LEAST_SHARE = 0.005;

export interface Share {
  readonly name: string;
  /** Of the time in which the process did anything, 0 to 1. */
  readonly share: number;
}

export interface ProfileSummary {
  readonly groups: readonly Share[];
  readonly functions: readonly Share[];
}

/** Reads the one profile in a folder. */
export function summariseProfile(folder: string): ProfileSummary {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'));
  if (!file) throw new Error(`there is no profile in ${folder}; did the process end by itself?`);
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile;
  const locate = createLocator();
  const names = new Map(profile.nodes.map((node) => [node.id, describe(node, locate)]));
  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  profile.samples.forEach((id, index) => {
    // The first half is loading and warming up.
    if (index < profile.samples.length / 2) return;
    const { name, group } = names.get(id) ?? { name: '(idle)', group: '' };
    if (name === '(idle)') return;
    const us = profile.timeDeltas[index] ?? 0;
    total += us;
    groups.set(group, (groups.get(group) ?? 0) + us);
    functions.set(name, (functions.get(name) ?? 0) + us);
  });
  return { groups: toShares(groups, total), functions: toShares(functions, total).slice(0, 20) };
}

function toShares(times: ReadonlyMap<string, number>, total: number): Share[] {
  return [...times]
    .map(([name, us]) => ({ name, share: Number((us / total).toFixed(4)) }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share);
}

type Locate = (url: string, line: number, column: number) => string;

function describe({ callFrame }: ProfileNode, locate: Locate): { name: string; group: string } {
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  if (url === '') {
    // Everything that is not JavaScript: above all the kernel's calls, then the HTTP parser, hashes, regular expressions.
    const group = functionName === '(garbage collector)' ? 'garbage collector' : 'system calls and other native code';
    return { name: functionName, group };
  }
  const file = url.startsWith('node:') ? url : locate(url, lineNumber, columnNumber);
  return { name: `${functionName || '(anonymous)'} ${file}`, group: toGroup(file) };
}

function toGroup(file: string): string {
  if (/^node:_?http|^node:internal\/http/.test(file)) return 'node:http';
  if (file.startsWith('node:')) return 'sockets, streams, timers and the rest of Node';
  if (file.includes('node_modules/')) return /node_modules\/(@?[^/]+(?:\/[^/]+)?)/.exec(file)?.[1] ?? 'packages';
  return `gateway-core/${file.split('/')[1] ?? ''}`;
}

/** Positions in the bundle back to the sources. */
function createLocator(): Locate {
  const maps = new Map<string, SourceMap | null>();
  const findMap = (url: string): SourceMap | null => {
    let map = maps.get(url);
    if (map === undefined) {
      try {
        map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
      } catch {
        map = null;
      }
      maps.set(url, map);
    }
    return map;
  };
  return (url, line, column) => {
    const entry = findMap(url)?.findEntry(line, column);
    const source = entry && 'originalSource' in entry ? entry.originalSource : url;
    return source.replace(/^.*?(?=gateway-core\/|node_modules\/)/, '');
  };
}
