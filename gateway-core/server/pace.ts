// Whether bytes move at the rate that is asked for. A window is judged as a whole, since kernels move bytes in lumps.

interface PaceQuestion {
  readonly nowMs: number;
  readonly windowMs: number;
  /** How many bytes have to move in one window. */
  readonly bytes: number;
}

export class Pace {
  private sinceMs = -1;
  private mark = 0;

  /** `total` is the count of bytes moved so far; null while nothing is waited for, which begins a new window. */
  isTooSlow(total: number | null, { nowMs, windowMs, bytes }: PaceQuestion): boolean {
    if (total === null) {
      this.sinceMs = -1;
      return false;
    }
    if (this.sinceMs >= 0 && nowMs - this.sinceMs < windowMs) return false;
    const isSlow = this.sinceMs >= 0 && total - this.mark < bytes;
    this.sinceMs = nowMs;
    this.mark = total;
    return isSlow;
  }
}
