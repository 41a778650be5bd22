// What a service has learned, kept over restarts and shared by its replicas. In the platform that is postgres_ai;
// elsewhere this process, which forgets it at its end.

/** Every call rejects when the store is away, within two seconds. */
export interface ModelState {
  /** For `GET /` and the log. */
  readonly description: string;
  /** What was saved for exactly this fingerprint of data and algorithm; undefined when nothing was. */
  load(name: string, fingerprint: string): Promise<unknown>;
  /**
   * `state` is anything that JSON can say. Two replicas that save the same fingerprint have learned the same, so it does
   * not matter who is last. Of each name the newest STATES_KEPT fingerprints are kept.
   */
  save(name: string, fingerprint: string, state: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Enough for a version, the one before it that is on its way out, and a way back. */
export const STATES_KEPT = 3;
