// The life of a container as a pure machine: `judge` says whether a command may be done, `advance` what follows from
// what happened. Restart policies will be one more decision between `ended` and the next `spawned`.

export type ContainerStatus = 'created' | 'running' | 'exited' | 'removing';

export interface ContainerState {
  status: ContainerStatus;
  pid: number;
  exitCode: number;
  error: string;
  /** Epoch ms; null when it never started or never ended. */
  startedAt: number | null;
  finishedAt: number | null;
  restartCount: number;
  /** A stop was asked for since it was started, so its end is no failure. */
  stopAsked: boolean;
}

export type StateEvent =
  | { type: 'spawned'; pid: number; at: number }
  | { type: 'startFailed'; error: string }
  | { type: 'stopAsked' }
  | { type: 'ended'; exitCode: number; at: number }
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

export function advance(state: ContainerState, event: StateEvent): ContainerState {
  switch (event.type) {
    case 'spawned':
      return {
        ...state,
        status: 'running',
        pid: event.pid,
        startedAt: event.at,
        exitCode: 0,
        error: '',
        stopAsked: false,
      };
    case 'startFailed':
      // Docker's code for a container whose process could not be started.
      return { ...state, exitCode: 128, error: event.error };
    case 'stopAsked':
      return { ...state, stopAsked: true };
    case 'ended':
      return {
        ...state,
        status: state.status === 'removing' ? 'removing' : 'exited',
        pid: 0,
        exitCode: event.exitCode,
        finishedAt: event.at,
      };
    case 'removalBegan':
      return { ...state, status: 'removing' };
  }
}

export type Command = 'start' | 'stop' | 'restart' | 'kill' | 'remove' | 'forceRemove';

/** `nothing` is Docker's 304: it is already so. */
export type Verdict = { kind: 'go' } | { kind: 'nothing' } | { kind: 'refuse'; reason: string };

const GO: Verdict = { kind: 'go' };
const NOTHING: Verdict = { kind: 'nothing' };

export function judge(status: ContainerStatus, command: Command): Verdict {
  if (status === 'removing') return { kind: 'refuse', reason: 'removal of the container is already in progress' };
  const running = status === 'running';
  switch (command) {
    case 'start':
      return running ? NOTHING : GO;
    case 'stop':
      return running ? GO : NOTHING;
    case 'kill':
      return running ? GO : { kind: 'refuse', reason: 'the container is not running' };
    case 'remove':
      return running
        ? { kind: 'refuse', reason: 'the container is running: stop the container before removing or force remove' }
        : GO;
    case 'restart':
    case 'forceRemove':
      return GO;
  }
}
