// A console that holds a port open through a helper container, as a process that a test can kill:
// forwardConsole.ts KIND SOCKET-OF-ENGINE PROJECT NETWORK
import { openForwardsOf } from './forwardsOfEngine.ts';

const [, , kind = '', socketPath = '', project = '', network = ''] = process.argv;
const { forwards, live, by, request } = openForwardsOf({
  kind: kind === 'sandbox' ? 'sandbox' : 'dockerd',
  socketPath,
  project,
});
await new Promise<void>((resolve) => {
  const look = () => {
    if ((live.stack.observed.current?.containers.size ?? 0) > 0) resolve();
  };
  live.stack.observed.onChange(look);
  look();
});
const helper = { image: 'gatehouse/api-gateway:0.1.0', network };
const forward = await forwards.open({ ...request('search', 8002), helper }, by);
process.stdout.write(`${JSON.stringify(forward.snapshot())}\n`);
