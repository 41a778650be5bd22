// The life of a container as a pure machine: `judge` says whether a command may be done, `advance` what follows from
// what happened. Whether an end is followed by another start is for restartPolicy.ts to say.

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'exited' | 'removing';

export interface ContainerState {
  status: ContainerStatus;
  pid: number;
  exitCode: number;
  error: string;
  /** Epoch ms; null when it never started or never ended. */
  startedAt: number | null;
  finishedAt: number | null;
  /** Restarts by its policy since a client last started it. */
  restartCount: number;
  /** A stop or a signal was asked for since it was started, so its end is meant. */
  stopAsked: boolean;
}

export type StateEvent =
  | { type: 'startAsked' }
  | { type: 'spawned'; pid: number; at: number }
  | { type: 'startFailed'; error: string; at: number }
  | { type: 'stopAsked' }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'ended'; exitCode: number; at: number; restarts: boolean }
  | { type: 'restartCancelled' }
  | { type: 'removalBegan' };

export const INITIAL_STATE: ContainerState = {
  status: 'created',
  pid: 0,
  exitCode: 0,
  error: '',
  startedAt: null,
  finishedAt: null,
  restartCount: 0,
  stopAsked: false,
};

/** Docker counts what is paused, or waits for its restart, as running. */
export function isUp({ status }: Pick<ContainerState, 'status'>): boolean {
  return status === 'running' || status === 'paused' || status === 'restarting';
}

export function advance(state: ContainerState, event: StateEvent): ContainerState {
  switch (event.type) {
    case 'startAsked':
      return { ...state, restartCount: 0, stopAsked: false };
    case 'spawned':
      return { ...state, status: 'running', pid: event.pid, startedAt: event.at, exitCode: 0, error: '' };
    case 'startFailed':
      // Docker's code for a container whose process could not be started. One that was to be restarted has ended.
      return {
        ...state,
        status: state.status === 'restarting' ? 'exited' : state.status,
        exitCode: 128,
        error: event.error,
        finishedAt: state.status === 'restarting' ? event.at : state.finishedAt,
      };
    case 'stopAsked':
      return { ...state, stopAsked: true };
    case 'paused':
      return { ...state, status: 'paused' };
    case 'resumed':
      return { ...state, status: 'running' };
    case 'ended':
      return {
        ...state,
        status: state.status === 'removing' ? 'removing' : event.restarts ? 'restarting' : 'exited',
        pid: 0,
        exitCode: event.exitCode,
        finishedAt: event.at,
        restartCount: state.restartCount + (event.restarts ? 1 : 0),
      };
    case 'restartCancelled':
      return { ...state, status: 'exited' };
    case 'removalBegan':
      return { ...state, status: 'removing' };
  }
}

export type Command = 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause' | 'remove' | 'forceRemove';

/** `nothing` is Docker's 304: it is already so. */
export type Verdict = { kind: 'go' } | { kind: 'nothing' } | { kind: 'refuse'; status: 409 | 500; reason: string };

const GO: Verdict = { kind: 'go' };
const NOTHING: Verdict = { kind: 'nothing' };
const refuse = (reason: string, status: 409 | 500 = 409): Verdict => ({ kind: 'refuse', status, reason });

export function judge(status: ContainerStatus, command: Command): Verdict {
  if (status === 'removing') return refuse('removal of the container is already in progress');
  const up = isUp({ status });
  switch (command) {
    case 'start':
      if (status === 'paused') return refuse('it is paused: unpause it instead');
      return up ? NOTHING : GO;
    case 'stop':
      return up ? GO : NOTHING;
    case 'kill':
      return up ? GO : refuse('the container is not running');
    case 'pause':
      return judgePause(status);
    case 'unpause':
      // Docker answers 500 here, and 409 to the pause.
      return status === 'paused' ? GO : refuse('the container is not paused', 500);
    case 'remove':
      return up ? refuse(`the container is ${status}: stop the container before removing or force remove`) : GO;
    case 'restart':
    case 'forceRemove':
      return GO;
  }
}

function judgePause(status: ContainerStatus): Verdict {
  if (status === 'running') return GO;
  if (status === 'paused') return refuse('the container is already paused');
  if (status === 'restarting') return refuse('the container is restarting, wait until it is running');
  return refuse('the container is not running');
}
