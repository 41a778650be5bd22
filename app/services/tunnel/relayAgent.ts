// HTTP through a relay: an agent whose connections lead to the admin socket in the container, or to an address there.
import { Agent } from 'node:http';
import type { Relay } from './relay.ts';
import type { RelayTarget } from './relayLink.ts';

/** A connection a call, as over the socket itself: over a relay that runs, one more costs no round trip to the engine. */
export function createRelayAgent(relay: Pick<Relay, 'connect'>, target: RelayTarget = 'admin'): Agent {
  const agent = new Agent({ keepAlive: false, maxSockets: 8 });
  agent.createConnection = (_options, callback) => {
    relay.connect(target).then(
      (connection) => callback?.(null, connection),
      // Node reads no connection where there is an error; the type knows no such call.
      (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return agent;
}
