import type { ApplyProgress, ApplyResult } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';

export interface ApplyOptions {
  /** Cancels at any point: what has begun is brought to an end or undone, nothing new begins. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ApplyProgress) => void;
  /** Lines of a build or pull, as they come. Untrusted text. */
  readonly onOutput?: (step: string, line: string) => void;
  /** Values of `environment` sources of secrets and configs; the process's own variables when not given. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** Gets the last 1 MB of a container's log before the container is removed. When it fails, that is a warning. */
  readonly keepLog?: (container: { id: string; name: string; service: string | null }, log: Buffer) => Promise<void>;
  /** How long a gate is waited for: what a health check may take, plus this. 60 s when not given. */
  readonly gateSlackMs?: number;
  readonly now?: () => number;
}

/**
 * Carries out the steps of a plan. Observes again first: when the fingerprint is another, nothing is done and the outcome
 * is `stale`. Never throws for what an engine refuses: the result says which steps were done. Throws `plan-blocked` for a
 * plan with blockers, `engine-unreachable` when the engine is gone before the first step.
 */
export async function applyPlan(_plan: PreparedPlan, _engine: Engine, _options: ApplyOptions): Promise<ApplyResult> {
  throw new Error('not yet');
}
