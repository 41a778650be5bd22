// Logistic regression by gradient descent with momentum over all rows at once: no chance in it, so the same rows give the
// same model.

export interface LogisticModel {
  intercept: number;
  /** One a feature, for features in units of their own spread. */
  weights: number[];
  means: number[];
  deviations: number[];
}

export interface LabelledRow {
  features: readonly number[];
  label: boolean;
}

const STEPS = 300;
/** With that momentum it stays stable up to 3.8 ÷ the curvature, which is at most a quarter of the features' number + 1. */
const RATE = 2;
const MOMENTUM = 0.9;
/** Holds weights back that only a few rows speak for. */
const PENALTY = 0.001;

/** Throws without rows. */
export function trainLogistic(rows: readonly LabelledRow[]): LogisticModel {
  const [first] = rows;
  if (first === undefined) throw new Error('there are no rows to learn from');
  const width = first.features.length;
  const columns = Array.from({ length: width }, (_, column) => rows.map(({ features }) => features[column] ?? 0));
  const means = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / rows.length);
  const deviations = columns.map((values, column) => {
    const squares = values.reduce((sum, value) => sum + (value - (means[column] ?? 0)) ** 2, 0);
    // A feature that never changes says nothing; 1 keeps it at zero instead of dividing by it.
    return Math.sqrt(squares / rows.length) || 1;
  });
  const model: LogisticModel = { intercept: 0, weights: new Array<number>(width).fill(0), means, deviations };
  const scaled = rows.map(({ features, label }) => ({ values: toScaled(model, features), wanted: label ? 1 : 0 }));
  const speeds = { intercept: 0, weights: new Array<number>(width).fill(0) };
  for (let step = 0; step < STEPS; step += 1) {
    const slopes = findSlopes(model, scaled);
    speeds.intercept = MOMENTUM * speeds.intercept - RATE * slopes.intercept;
    model.intercept += speeds.intercept;
    speeds.weights = speeds.weights.map((speed, column) => MOMENTUM * speed - RATE * (slopes.weights[column] ?? 0));
    model.weights = model.weights.map((weight, column) => weight + (speeds.weights[column] ?? 0));
  }
  return model;
}

interface ScaledRow {
  values: readonly number[];
  /** 1 with the label, else 0. */
  wanted: number;
}

function findSlopes(model: LogisticModel, rows: readonly ScaledRow[]): { intercept: number; weights: number[] } {
  const weights = new Array<number>(model.weights.length).fill(0);
  let intercept = 0;
  for (const { values, wanted } of rows) {
    const error = toProbability(addUp(model, values)) - wanted;
    intercept += error;
    for (let column = 0; column < weights.length; column += 1) {
      weights[column] = (weights[column] ?? 0) + error * (values[column] ?? 0);
    }
  }
  return {
    intercept: intercept / rows.length,
    weights: weights.map((slope, column) => slope / rows.length + PENALTY * (model.weights[column] ?? 0)),
  };
}

export interface Explained {
  /** 0 to 1. */
  probability: number;
  /** What each feature adds to the log odds; together with the intercept they are the log odds. */
  contributions: number[];
}

/** A feature that is undefined counts as usual: it adds nothing. */
export function explain(model: LogisticModel, features: readonly (number | undefined)[]): Explained {
  const known = features.map((value, column) => value ?? model.means[column] ?? 0);
  const contributions = toScaled(model, known).map((value, column) => value * (model.weights[column] ?? 0));
  const sum = contributions.reduce((total, value) => total + value, model.intercept);
  return { probability: toProbability(sum), contributions };
}

/**
 * The chance that a row with the label scores above one without it (area under the ROC curve); ties count half.
 * 0.5 where either kind is missing.
 */
export function findAuc(scored: readonly { score: number; label: boolean }[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  const positives = sorted.filter(({ label }) => label).length;
  const negatives = sorted.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1;
    // All of a tie share the middle of their ranks, from + 1 to `to`.
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at += 1) if (sorted[at]?.label) ranks += rank;
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function toScaled({ means, deviations }: LogisticModel, features: readonly number[]): number[] {
  return features.map((value, column) => (value - (means[column] ?? 0)) / (deviations[column] ?? 1));
}

function addUp({ intercept, weights }: LogisticModel, values: readonly number[]): number {
  let sum = intercept;
  for (let column = 0; column < weights.length; column += 1) sum += (weights[column] ?? 0) * (values[column] ?? 0);
  return sum;
}

function toProbability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
