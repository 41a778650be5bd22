// Where a stream goes on: which run of the gateway, and which of its numbers. The same number of another run means nothing.

export const RESUME_PATTERN = '^[0-9a-f]{8}-[0-9]{1,15}$';

export interface ResumePoint {
  readonly sequence: number;
  /** The token is of an earlier run: everything since this one began is new. */
  readonly isEarlierRun: boolean;
}

export function toResumeToken(run: string, sequence: number): string {
  return `${run}-${sequence}`;
}

/** Takes a token that fits RESUME_PATTERN. */
export function readResumeToken(token: string, run: string, lastSequence: number): ResumePoint {
  const [tokenRun = '', number = ''] = token.split('-');
  if (tokenRun !== run) return { sequence: 0, isEarlierRun: true };
  return { sequence: Math.min(Number(number), lastSequence), isEarlierRun: false };
}
