import type { RootSampling } from '../headers/traceContext.ts';

/** Hex digits of the random part of a trace id, its right 7 bytes. */
const DIGITS = 14;

/**
 * OpenTelemetry's consistent probability sampling: a trace is sampled when its random part is not below a threshold,
 * which the tracestate says, so that whoever counts spans later can work out how many traces each stands for.
 */
export function createRatioSampling(ratio: number): RootSampling {
  if (ratio <= 0) return { isSampled: () => false, tracestate: '' };
  const threshold = BigInt(Math.round((1 - ratio) * 2 ** 56))
    .toString(16)
    .padStart(DIGITS, '0');
  return {
    // Both are lower-case hex of the same length, so the order of texts is that of numbers.
    isSampled: (traceId) => traceId.slice(-DIGITS) >= threshold,
    tracestate: `ot=th:${threshold.replace(/0+$/, '') || '0'}`,
  };
}
