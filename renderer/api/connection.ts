// The state of the one connection to the host, for the frame.
import { create } from 'zustand';

export type ConnectionState =
  | { state: 'connecting'; since: number }
  | { state: 'live'; since: number }
  /** `since` is the loss, not the last attempt to come back. */
  | { state: 'lost'; since: number };

export type ConnectionEvent = 'opened' | 'closed';

/** Pure: what the connection is after an event. Before its first opening it is connecting, not lost. */
export function nextConnection(current: ConnectionState, event: ConnectionEvent, now: number): ConnectionState {
  if (event === 'opened') return current.state === 'live' ? current : { state: 'live', since: now };
  if (current.state === 'live') return { state: 'lost', since: now };
  // A host that never answered within two seconds is missed just as one that went away.
  if (current.state === 'connecting' && now - current.since > 2000) return { state: 'lost', since: current.since };
  return current;
}

export const useConnection = create<{ connection: ConnectionState; note: (event: ConnectionEvent) => void }>()(
  (set) => ({
    connection: { state: 'connecting', since: Date.now() },
    note: (event) => set(({ connection }) => ({ connection: nextConnection(connection, event, Date.now()) })),
  }),
);
