// A console that holds a relay open, as a process that a test can kill: relayConsole.ts SOCKET-OF-ENGINE [CONTAINER]
import { once } from 'node:events';
import { createEngine } from '../docker/engine.ts';
import { openRelay } from '../tunnel/relay.ts';

const [, , path = '', container = 'gateway'] = process.argv;
const relay = openRelay({ openEngine: () => createEngine({ kind: 'socket', path }), container, name: container });
await once(await relay.connect('admin'), 'connect');
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
