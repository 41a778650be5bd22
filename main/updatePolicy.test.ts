import { expect, test } from 'vitest';
import { decideUpdate, type UpdateFacts } from './updatePolicy.ts';

const FACTS: UpdateFacts = {
  isPackaged: true,
  hasServer: true,
  isWanted: true,
  platform: 'linux',
  appImage: '/opt/Gatehouse.AppImage',
};

test.each<[name: string, facts: Partial<UpdateFacts>, byHand: boolean, reason: string | undefined]>([
  ['wanted', {}, false, undefined],
  ['not wanted', { isWanted: false }, false, 'turned off'],
  ['not wanted, but asked for', { isWanted: false }, true, undefined],
  ['a checkout', { isPackaged: false }, true, 'with git'],
  ['a build without a server', { hasServer: false }, true, 'names no update server'],
  ['a Debian package', { appImage: undefined }, true, 'package manager'],
  ['Windows', { platform: 'win32', appImage: undefined }, false, undefined],
])('%s', (_name, facts, byHand, reason) => {
  const decision = decideUpdate({ ...FACTS, ...facts }, byHand);
  if (reason === undefined) expect(decision).toEqual({ look: true });
  else expect(decision).toEqual({ look: false, reason: expect.stringContaining(reason) });
});
