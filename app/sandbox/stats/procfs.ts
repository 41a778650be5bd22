// What Linux tells of a process. On other systems there is no /proc, and what would come from it stays unknown.
import { readFileSync } from 'node:fs';

export interface ProcessSample {
  pid: number;
  parentPid: number;
  userId: number;
  state: string;
  threads: number;
  userNanoseconds: number;
  kernelNanoseconds: number;
  /** Since the machine's start. */
  startedAfterMs: number;
  residentBytes: number;
  residentFileBytes: number;
  /** undefined where the kernel does not let us look. */
  readBytes: number | undefined;
  writtenBytes: number | undefined;
  command: string[];
}

/** USER_HZ is 100 on every architecture that Node runs on. */
const TICK_NANOSECONDS = 10_000_000;

/** undefined when there is no such process, or no /proc. */
export function readProcess(pid: number): ProcessSample | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const status = read(`/proc/${pid}/status`);
  if (stat === undefined || status === undefined) return undefined;
  return {
    pid,
    ...parseStat(stat),
    userId: findNumber(status, 'Uid') ?? 0,
    // Without these two lines it is a zombie, which has no memory.
    residentBytes: (findNumber(status, 'VmRSS') ?? 0) * 1024,
    residentFileBytes: (findNumber(status, 'RssFile') ?? 0) * 1024,
    ...parseIo(read(`/proc/${pid}/io`)),
    command: (read(`/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== ''),
  };
}

/** proc(5): the name in parentheses may hold anything, so the fields are counted from its end. */
export function parseStat(text: string) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (index: number) => Number(fields[index] ?? 0);
  return {
    state: fields[0] ?? '?',
    parentPid: number(1),
    userNanoseconds: number(11) * TICK_NANOSECONDS,
    kernelNanoseconds: number(12) * TICK_NANOSECONDS,
    threads: number(17),
    startedAfterMs: (number(19) * TICK_NANOSECONDS) / 1_000_000,
  };
}

function parseIo(text: string | undefined) {
  return {
    readBytes: text === undefined ? undefined : findNumber(text, 'read_bytes'),
    writtenBytes: text === undefined ? undefined : findNumber(text, 'write_bytes'),
  };
}

/** All processor time of the machine, the idle too; undefined without /proc. */
export function readSystemNanoseconds(): number | undefined {
  const text = read('/proc/stat');
  return text === undefined ? undefined : parseSystemNanoseconds(text);
}

/** The first seven columns, as Docker counts them: those of guests are in `user` already. */
export function parseSystemNanoseconds(text: string): number {
  const [first = ''] = text.split('\n', 1);
  const ticks = first.trim().split(/\s+/).slice(1, 8).map(Number);
  return ticks.reduce((sum, value) => sum + value, 0) * TICK_NANOSECONDS;
}

function findNumber(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text);
  return match === null ? undefined : Number(match[1]);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
