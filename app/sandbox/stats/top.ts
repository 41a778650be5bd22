// GET /containers/{id}/top: the processes of a container as ps shows them. Docker asks ps too; where /proc is there, the
// usual columns come from it, since a bare machine may have no ps.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { uptime, userInfo } from 'node:os';
import { promisify } from 'node:util';
import { EngineError } from '../http/engineError.ts';
import { type ProcessSample, readProcess } from './procfs.ts';

export interface ProcessTable {
  Titles: string[];
  Processes: string[][];
}

const USUAL_TITLES = ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'];
const PS_TIMEOUT_MS = 3_000;
const PS_OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024;
const PS_ARGUMENT = /^[A-Za-z0-9,=%:-]{1,200}$/;

/** Throws EngineError 400 for arguments that are not options of ps, 500 when ps fails or shows no PID. */
export async function listProcesses(pids: readonly number[], psArguments: string): Promise<ProcessTable> {
  const given = psArguments.trim() === '' ? ['-ef'] : psArguments.trim().split(/\s+/);
  if (given.join(' ') === '-ef' && existsSync('/proc/self/stat')) return toUsualTable(pids);
  if (given.length > 20 || !given.every((one) => PS_ARGUMENT.test(one))) {
    throw new EngineError(400, `ps_args ${JSON.stringify(psArguments.slice(0, 200))}: options of ps alone`);
  }
  const output = await promisify(execFile)('ps', given, {
    timeout: PS_TIMEOUT_MS,
    maxBuffer: PS_OUTPUT_LIMIT_BYTES,
  }).catch((error: Error) => {
    throw new EngineError(500, `Error running ps: ${error.message.slice(0, 300)}`);
  });
  return parsePs(output.stdout, pids);
}

/** Throws EngineError 500 without a PID column. Pure. */
export function parsePs(output: string, pids: readonly number[]): ProcessTable {
  const [head = '', ...lines] = output.split('\n');
  const titles = head.trim().split(/\s+/);
  const at = titles.indexOf('PID');
  if (at === -1) throw new EngineError(500, "Couldn't find PID field in ps output");
  const rows = lines
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => pids.includes(Number(words[at])))
    // The last column is the command, which has spaces of its own.
    .map((words) => [...words.slice(0, titles.length - 1), hideOwn(words.slice(titles.length - 1)).join(' ')]);
  return { Titles: titles, Processes: rows };
}

function toUsualTable(pids: readonly number[]): ProcessTable {
  const samples = pids.map(readProcess).filter((one): one is ProcessSample => one !== undefined);
  return { Titles: USUAL_TITLES, Processes: samples.map((one) => toUsualRow(one, Date.now() - uptime() * 1_000)) };
}

function toUsualRow(one: ProcessSample, machineStartedAt: number): string[] {
  const startedAt = machineStartedAt + one.startedAfterMs;
  const ranMs = Math.max(Date.now() - startedAt, 1);
  const usedMs = (one.userNanoseconds + one.kernelNanoseconds) / 1_000_000;
  const share = String(Math.min(99, Math.floor((usedMs / ranMs) * 100)));
  const command = hideOwn(one.command).join(' ');
  const { userId, pid, parentPid } = one;
  return [
    findUserName(userId),
    String(pid),
    String(parentPid),
    share,
    toClock(startedAt),
    '?',
    toDuration(usedMs),
    command,
  ];
}

/** The engine's own preload is not part of the command; it would hide the rest. */
function hideOwn(words: readonly string[]): string[] {
  const at = words.findIndex((word) => word.startsWith('data:text/javascript,'));
  return at > 0 && words[at - 1] === '--import' ? [...words.slice(0, at - 1), ...words.slice(at + 1)] : [...words];
}

/** As ps has it: the hour when it was today, else the day. */
function toClock(at: number): string {
  const then = new Date(at);
  const isToday = then.toDateString() === new Date().toDateString();
  if (isToday) return `${pad(then.getHours())}:${pad(then.getMinutes())}`;
  return then.toLocaleDateString('en-US', { month: 'short', day: '2-digit' }).replace(' ', '');
}

function toDuration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad).join(':');
}

const pad = (value: number) => String(value).padStart(2, '0');

function findUserName(id: number): string {
  if (userInfo().uid === id) return userInfo().username;
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.split(':')[2] === String(id))?.split(':')[0] ?? String(id);
  } catch {
    return String(id);
  }
}
