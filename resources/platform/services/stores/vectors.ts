// Where vectors are kept and the nearest ones found. In the platform that is Qdrant; elsewhere this process.

export interface VectorPoint {
  /** A whole number, not negative. */
  id: number;
  vector: readonly number[];
}

export interface VectorMatch {
  id: number;
  /** Cosine of the angle between the two, -1 to 1. */
  score: number;
}

/** Every call rejects when the store is away, within two seconds. Ids that are stored again are replaced. */
export interface Vectors {
  /** For people. */
  readonly described: string;
  /** Makes the collection unless it is there. Rejects when it is there with vectors of another size. */
  ensureCollection(name: string, size: number): Promise<void>;
  /** Rejects, as the other two do, when there is no such collection, or a vector is not of its size. */
  upsert(name: string, points: readonly VectorPoint[]): Promise<void>;
  count(name: string): Promise<number>;
  /** The nearest first; at most `limit`. */
  findNearest(name: string, vector: readonly number[], limit: number): Promise<VectorMatch[]>;
}
