import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createEngineAgent } from './engineAgent.ts';

const tls = { ca: undefined, cert: undefined, key: 'PRIVATE', verify: true };

test.each([
  { kind: 'socket', path: '/run/engine.sock' },
  { kind: 'tcp', host: 'shop-1', port: 2376, tls },
] as never[])('a request that is written out does not write out its agent: %j', (address) => {
  const agent = createEngineAgent(address);
  // As docker-modem does it before each request, whether anybody reads it or not.
  expect(inspect({ path: '/_ping', agent }, { showHidden: true, depth: null })).toBe(
    "{ path: '/_ping', agent: [agent of an engine] }",
  );
  agent.destroy();
});
