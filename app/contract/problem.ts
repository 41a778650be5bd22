// Every failure that crosses to a UI has this shape: a stable code, what happened, and what to do about it.
import { z } from 'zod';

export const problemCodes = [
  'bad-input',
  'unauthenticated',
  'read-only',
  'engine-unreachable',
  'engine-missing',
  'engine-unsupported',
  'sandbox-failed',
  'gateway-unreachable',
  'gateway-absent',
  'gateway-refused',
  'config-unknown',
  'metrics-unreachable',
  'metrics-absent',
  'traces-unreachable',
  'traces-absent',
  'trace-unknown',
  'query-refused',
  'environment-unknown',
  'service-unknown',
  'container-unknown',
  'exchange-unknown',
  'folder-unreadable',
  'compose-invalid',
  'plan-blocked',
  'plan-unknown',
  'plan-failed',
  'run-in-progress',
  'stack-unknown',
  'port-unreachable',
  'port-taken',
  'helper-needed',
  'forward-unknown',
  'terminal-failed',
  'demo-not-allowed',
  'history-unavailable',
  'entry-unknown',
  'secret-not-kept',
  'confirmation-needed',
  'cancelled',
  'internal',
] as const;

export const problemCodeSchema = z.enum(problemCodes);
export type ProblemCode = z.infer<typeof problemCodeSchema>;

export const problemSchema = z.object({
  code: problemCodeSchema,
  /** One sentence that names the thing and the value. */
  message: z.string(),
  /** One sentence that says what the operator can do. */
  remedy: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

/** The only error that services throw on purpose; the transport turns it into a `Problem`. */
export class GatehouseError extends Error {
  readonly code: ProblemCode;
  readonly remedy: string;

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.message, options);
    this.name = 'GatehouseError';
    this.code = problem.code;
    this.remedy = problem.remedy;
  }

  toProblem(): Problem {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}
