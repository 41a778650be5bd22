// What follows when the host ends without having been asked to. Pure: history in, decision out.

export interface RestartPolicy {
  /** How long to wait before each restart; as many restarts as there are entries. */
  readonly delaysMs: readonly number[];
  /** Who ran this long is well again, and its earlier ends are forgotten. */
  readonly healthyMs: number;
}

/** Growing, so that what takes a moment to pass (a port, memory) has passed at the third. */
export const RESTART_POLICY: RestartPolicy = { delaysMs: [500, 2000, 5000], healthyMs: 60_000 };

export interface HostEnd {
  /** Restarts since the host was last well. */
  readonly restarts: number;
  /** How long the host was ready; undefined when it never was. */
  readonly readyMs: number | undefined;
  readonly exitCode: number | null;
  /** A port was asked for only to keep the window's address; any other will do. */
  readonly askedForPort: boolean;
}

export type Sequel =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly restarts: number; readonly forgetPort: boolean }
  | { readonly kind: 'giveUp'; readonly restarts: number };

/** The exit code of the command line for wrong use, which another try does not mend. */
const WRONG_USE = 2;

export function decideSequel(end: HostEnd, policy: RestartPolicy = RESTART_POLICY): Sequel {
  const restarts = end.readyMs !== undefined && end.readyMs >= policy.healthyMs ? 0 : end.restarts;
  if (end.readyMs === undefined && end.exitCode === WRONG_USE) {
    // Most likely the port is taken. Not counted, since the port is forgotten: it can happen only once.
    if (end.askedForPort) return { kind: 'restart', delayMs: 0, restarts, forgetPort: true };
    return { kind: 'giveUp', restarts };
  }
  const delayMs = policy.delaysMs[restarts];
  if (delayMs === undefined) return { kind: 'giveUp', restarts };
  return { kind: 'restart', delayMs, restarts: restarts + 1, forgetPort: false };
}
