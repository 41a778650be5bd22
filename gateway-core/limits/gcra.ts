// The generic cell rate algorithm, as virtual scheduling (ITU-T I.371, annex A): one number a key says all there is to know.

/** A policy in whole microseconds: sums of them are exact, so that the bound below holds to the last request. */
export interface CellRate {
  /** Between two units at the sustained rate. Rounded up: a rate that does not divide a second is missed by less than 1 µs a unit. */
  readonly intervalUs: number;
  /** What one request costs: its units times the interval. */
  readonly incrementUs: number;
  /** A whole burst: its units times the interval. */
  readonly capacityUs: number;
}

export interface CellVerdict {
  readonly admitted: boolean;
  /** The theoretical arrival time to keep: when the key owes nothing any more. A refused request does not move it. */
  readonly tat: number;
  /** Units that may still come at once. */
  readonly remaining: number;
  /** Until the same request would be admitted; 0 when it was. */
  readonly waitUs: number;
  /** Until there is a unit more than now, or when refused until this request would be admitted; 0 when nothing is owed. */
  readonly nextUs: number;
}

/**
 * Decides one request that arrives at `nowUs` on a key with the theoretical arrival time `tat` (undefined: never seen).
 * In any stretch of time the units admitted are at most burst + rate × its length. A clock that steps back gives nobody
 * more than that, and makes nobody wait longer than a whole burst takes: a tat further ahead is drawn near. The same
 * holds when a policy is made smaller. All times are integers on one clock, whatever its zero.
 */
export function decideCell(tat: number | undefined, nowUs: number, rate: CellRate): CellVerdict {
  const { intervalUs, incrementUs, capacityUs } = rate;
  const before = tat === undefined || tat < nowUs ? nowUs : Math.min(tat, nowUs + capacityUs);
  const after = before + incrementUs;
  const waitUs = after - nowUs - capacityUs;
  if (waitUs > 0) {
    const remaining = Math.floor((capacityUs - (before - nowUs)) / intervalUs);
    return { admitted: false, tat: before, remaining, waitUs, nextUs: waitUs };
  }
  const free = nowUs + capacityUs - after;
  return {
    admitted: true,
    tat: after,
    remaining: Math.floor(free / intervalUs),
    waitUs: 0,
    nextUs: intervalUs - (free % intervalUs),
  };
}
