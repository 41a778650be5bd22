// Keeps a host running: starts it, starts it again when it ends unasked, and says so when that does not help.
import type { HostExit, HostProcess } from './hostProcess.ts';
import { decideSequel, type RestartPolicy } from './restartPolicy.ts';

export interface HostSupervisorOptions {
  /** `port` 0 is any free one. */
  readonly launch: (port: number) => HostProcess;
  /** The port to ask for first, so that the console keeps its address and with it what it stored. */
  readonly port: number;
  readonly policy: RestartPolicy;
  /** Called for each host that is ready, with its address and one-time code. */
  readonly onReady: (entryUrl: string) => void;
  /** Called for each host that ended unasked, before anything else follows from it. */
  readonly onEnded: () => void;
  readonly onGivenUp: (exit: HostExit, restarts: number) => void;
}

export interface HostSupervisor {
  /** Starts anew, with no restart counted; false while a host runs or is about to. */
  start(): boolean;
  /** Ends the host for good. */
  stop(): Promise<void>;
}

export function createHostSupervisor(options: HostSupervisorOptions): HostSupervisor {
  const { launch, policy, onReady, onEnded, onGivenUp } = options;
  let port = options.port;
  let current: HostProcess | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let isStopped = false;

  function run(restarts: number): void {
    const host = launch(port);
    const askedForPort = port !== 0;
    current = host;
    let readyAt: number | undefined;
    void host.entryUrl.then((url) => {
      if (url === undefined || isStopped) return;
      readyAt = performance.now();
      port = Number(new URL(url).port);
      onReady(url);
    });
    void host.ended.then((exit) => {
      current = undefined;
      if (isStopped) return;
      onEnded();
      const readyMs = readyAt === undefined ? undefined : performance.now() - readyAt;
      const sequel = decideSequel({ restarts, readyMs, exitCode: exit.code, askedForPort }, policy);
      if (sequel.kind === 'giveUp') {
        onGivenUp(exit, sequel.restarts);
        return;
      }
      if (sequel.forgetPort) port = 0;
      waiting = setTimeout(() => {
        waiting = undefined;
        run(sequel.restarts);
      }, sequel.delayMs);
    });
  }

  return {
    start() {
      if (isStopped || current !== undefined || waiting !== undefined) return false;
      run(0);
      return true;
    },
    async stop() {
      isStopped = true;
      clearTimeout(waiting);
      await current?.stop();
    },
  };
}
