// Keys of limits by how near they are to theirs. Pure.
import type { GatewayLimits, Level } from '../../../app/contract/index.ts';

export interface KeyRow {
  policy: string;
  key: string;
  used: number;
  burst: number;
  /** Of the burst, 0 to 1. */
  share: number;
  freeInMs: number;
  level: Level;
}

/** From here on somebody is about to be refused. */
const NEAR_SHARE = 0.7;

export function toKeyRows({ policies }: GatewayLimits): KeyRow[] {
  return policies
    .flatMap(({ name, burst, top }) =>
      top.map(({ key, used, freeInMs }) => {
        const share = burst > 0 ? Math.min(1, used / burst) : 1;
        const level: Level = share >= 1 ? 'down' : share >= NEAR_SHARE ? 'degraded' : 'ok';
        return { policy: name, key, used, burst, share, freeInMs, level };
      }),
    )
    .sort((a, b) => b.share - a.share || a.key.localeCompare(b.key, 'en'));
}
