import { expect, test } from 'vitest';
import type { ImageFacts, UsedImage } from '../../../app/contract/index.ts';
import { toDigest, toImageState } from './imageState.ts';

const facts = (id: string, digests: string[] = []): ImageFacts => ({
  id,
  digests,
  createdAt: null,
  sizeBytes: null,
  platform: 'linux/amd64',
});
const used = (id: string, ...containers: string[]) => ({ id, image: facts(id), containers });
const image = (parts: Partial<UsedImage> = {}): UsedImage => ({
  reference: 'shop/app:1',
  services: ['app'],
  named: facts('sha256:a'),
  used: [used('sha256:a', 'app-1')],
  ...parts,
});

test.each([
  [{}, 'ok', 'what runs is what the name stands for'],
  [
    { used: [used('sha256:b', 'app-1')] },
    'degraded',
    '1 container was made from another one than the name stands for now',
  ],
  [
    { used: [used('sha256:a', 'app-1'), used('sha256:b', 'app-2', 'app-3')] },
    'degraded',
    '2 containers were made from another one than the name stands for now',
  ],
  [{ used: [] }, 'unknown', 'on the engine, used by no container'],
  [{ named: null }, 'degraded', 'the name stands for nothing on the engine any more'],
  [{ named: null, used: [] }, 'unknown', 'not on the engine yet'],
] as [Partial<UsedImage>, string, string][])('%j: %s', (parts, level, words) => {
  expect(toImageState(image(parts))).toEqual({ level, words });
});

test('the digest of the registry goes before the id of the engine', () => {
  expect(toDigest(image({ named: facts('sha256:a', ['shop/app@sha256:d1']) }))).toEqual({
    text: 'sha256:d1',
    isLocal: false,
  });
  expect(toDigest(image())).toEqual({ text: 'sha256:a', isLocal: true });
  expect(toDigest(image({ named: null }))).toEqual({ text: 'sha256:a', isLocal: true });
  expect(toDigest(image({ named: null, used: [] }))).toBeNull();
});
