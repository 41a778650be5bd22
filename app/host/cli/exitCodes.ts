// The exit codes that scripts rely on, and the error that carries one.
import type { ProblemCode } from '../../contract/index.ts';

export const EXIT = {
  fine: 0,
  /** What was asked found a fault: the platform is down, a file is wrong, a request would be refused. */
  fault: 1,
  wrongUse: 2,
  /** The host, the engine or the gateway cannot be reached. */
  unreachable: 3,
  /** Ctrl-C: 128 and the number of SIGINT, as shells say it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a message, a remedy and an exit code; never a stack. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const UNREACHABLE: readonly ProblemCode[] = [
  'engine-unreachable',
  'engine-missing',
  'engine-unsupported',
  'gateway-unreachable',
  'gateway-absent',
  'metrics-unreachable',
  'metrics-absent',
  'traces-unreachable',
  'traces-absent',
];
const WRONG_USE: readonly ProblemCode[] = [
  'bad-input',
  'environment-unknown',
  'folder-unreadable',
  'confirmation-needed',
  'query-refused',
];

/** The exit code that belongs to a problem of the host. */
export function exitCodeOf(code: ProblemCode): ExitCode {
  if (UNREACHABLE.includes(code)) return EXIT.unreachable;
  return WRONG_USE.includes(code) ? EXIT.wrongUse : EXIT.fault;
}
