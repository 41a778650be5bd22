// Holt-Winters with additive trend and season, in the error-correction form, and its prediction intervals (Hyndman and
// Athanasopoulos, "Forecasting: Principles and Practice", chapters on exponential smoothing and state space models).

export interface Smoothing {
  /** How much of an error moves the level, the trend and the season. */
  alpha: number;
  beta: number;
  gamma: number;
}

export interface Fit {
  level: number;
  trend: number;
  /** Of the next `period` steps, the next one first. */
  season: number[];
  /** Of the forecasts one step ahead, the first two periods left out: they made the start. */
  errors: number[];
  smoothing: Smoothing;
}

/** `series` must have two whole periods at least; throws else. Pure. */
export function fitHoltWinters(series: readonly number[], period: number, smoothing: Smoothing): Fit {
  if (period < 1 || series.length < 2 * period) {
    throw new Error(
      `a series of ${series.length} is too short; ${2 * period} values are needed for a period of ${period}`,
    );
  }
  const { alpha, beta, gamma } = smoothing;
  const first = mean(series.slice(0, period));
  const second = mean(series.slice(period, 2 * period));
  let trend = (second - first) / period;
  // The first period's mean lies at its middle; the level stands before the first step.
  let level = first - (trend * (period + 1)) / 2;
  const season = Array.from({ length: period }, (_, step) => {
    const inFirst = (series[step] ?? 0) - (level + trend * (step + 1));
    const inSecond = (series[step + period] ?? 0) - (level + trend * (step + period + 1));
    return (inFirst + inSecond) / 2;
  });
  const errors: number[] = [];
  for (const [step, value] of series.entries()) {
    const slot = step % period;
    const error = value - (level + trend + (season[slot] ?? 0));
    level += trend + alpha * error;
    trend += beta * error;
    season[slot] = (season[slot] ?? 0) + gamma * error;
    if (step >= 2 * period) errors.push(error);
  }
  const next = series.length % period;
  return { level, trend, season: [...season.slice(next), ...season.slice(0, next)], errors, smoothing };
}

export interface Expectation {
  expected: number;
  low: number;
  high: number;
}

/**
 * The next `steps` steps. The interval holds the value with the chance that `deviations` stands for (1.96: 95 %), if
 * errors are normal and as large as they were; it widens with the distance.
 */
export function forecast(fit: Fit, steps: number, deviations: number): Expectation[] {
  const { alpha, beta, gamma } = fit.smoothing;
  const period = fit.season.length;
  const variance = mean(fit.errors.map((error) => error * error));
  let grown = 1;
  return Array.from({ length: steps }, (_, index) => {
    const ahead = index + 1;
    const expected = fit.level + ahead * fit.trend + (fit.season[index % period] ?? 0);
    const margin = deviations * Math.sqrt(variance * grown);
    grown += (alpha + beta * ahead + (ahead % period === 0 ? gamma : 0)) ** 2;
    return { expected, low: expected - margin, high: expected + margin };
  });
}

const GRID = {
  alpha: [0.05, 0.1, 0.2, 0.4],
  beta: [0, 0.001],
  gamma: [0.05, 0.1, 0.2],
};

/** Of a fixed grid, the one with the least squared errors one step ahead over all series, each in its own scale. */
export function chooseSmoothing(series: readonly (readonly number[])[], period: number): Smoothing {
  let best: Smoothing = { alpha: 0.1, beta: 0, gamma: 0.1 };
  let least = Number.POSITIVE_INFINITY;
  for (const alpha of GRID.alpha) {
    for (const beta of GRID.beta) {
      for (const gamma of GRID.gamma) {
        const smoothing = { alpha, beta, gamma };
        const loss = series.reduce((sum, one) => {
          const { errors } = fitHoltWinters(one, period, smoothing);
          const scale = Math.max(1, mean(one));
          return sum + mean(errors.map((error) => (error / scale) ** 2));
        }, 0);
        if (loss < least) [best, least] = [smoothing, loss];
      }
    }
  }
  return best;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
