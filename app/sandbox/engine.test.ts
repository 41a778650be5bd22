import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { createSandboxEngine } from './engine.ts';

const programs = { node: process.execPath, gateway: [], service: [], gatewayConfig: '' };

test.each([
  ['--socket', { socketPath: `${tmpdir()}/${'x'.repeat(110)}`, stateFolder: `${tmpdir()}/s` }],
  ['--state', { socketPath: `${tmpdir()}/e.sock`, stateFolder: `${tmpdir()}/${'x'.repeat(90)}` }],
])('a path too long for a unix socket is refused with the name of %s', async (option, paths) => {
  await expect(createSandboxEngine({ ...paths, programs }).listen()).rejects.toThrow(`${option} ${tmpdir()}`);
});
