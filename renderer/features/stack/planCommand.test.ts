import { expect, test } from 'vitest';
import type { Engine } from '../../../app/contract/index.ts';
import { type CommandPlace, toFilesCommand, toPlanCommand, toStackCommand } from './planCommand.ts';
import { samplePlan, sampleStep } from './planSample.ts';
import { wishFor } from './planWish.ts';

const engineOf = (id: string, parts: Partial<Engine> = {}): Engine => ({
  id,
  kind: 'docker',
  place: 'this machine',
  origin: 'default socket',
  address: 'unix:///run/engine.sock',
  state: 'reachable',
  version: '28.2',
  problem: null,
  ...parts,
});
const here: CommandPlace = { engine: engineOf('docker'), folder: null };
const inSandbox: CommandPlace = { engine: engineOf('sandbox', { kind: 'sandbox' }), folder: '/srv/my shop' };

test.each([
  [wishFor('up'), here, 'gatehouse up'],
  [wishFor('up', { mode: 'prod', options: ['pull', 'build'] }), here, 'gatehouse up --mode prod --pull always --build'],
  [wishFor('up'), inSandbox, "gatehouse up --stack '/srv/my shop' --engine sandbox"],
  [wishFor('restart', { services: ['a', 'b'] }), here, 'gatehouse restart a b'],
  [wishFor('scale', { scale: { a: 3 }, services: ['a'] }), here, 'gatehouse scale a=3'],
  [wishFor('switch', { mode: 'prod', options: ['carry'] }), here, 'gatehouse switch prod --carry-data'],
  [wishFor('down', { options: ['volumes'] }), here, 'gatehouse down --volumes'],
])('%j', (wish, place, command) => {
  expect(toPlanCommand(wish, place, undefined)).toBe(command);
});

test('what the engine itself does is said as docker does it, once it is known to which containers', () => {
  const wish = wishFor('stop', { services: ['a'] });
  expect(toPlanCommand(wish, here, undefined)).toBeNull();
  const plan = samplePlan({ verb: 'stop', steps: [sampleStep({ action: 'stop', name: 'shop-a-1' })] });
  expect(toPlanCommand(wish, here, plan)).toBe('docker stop shop-a-1');
  expect(toPlanCommand(wish, inSandbox, plan)).toBe('docker -H unix:///run/engine.sock stop shop-a-1');
});

test('an engine of another context is named by its address', () => {
  const place = { engine: engineOf('context-work', { address: 'ssh://ops@shop-1' }), folder: null };
  expect(toStackCommand(['drift'], place)).toBe('gatehouse drift --engine ssh://ops@shop-1');
});

test('a command on files names no engine', () => {
  expect(toFilesCommand(['config', '--mode', 'dev'], inSandbox)).toBe(
    "gatehouse config --mode dev --stack '/srv/my shop'",
  );
});
