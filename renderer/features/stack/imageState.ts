// Whether containers run what the name of their image stands for. Pure.
import type { Level, UsedImage } from '../../../app/contract/index.ts';
import { formatQuantity } from '../../components/format.ts';

export interface ImageState {
  level: Level;
  words: string;
}

export function toImageState({ named, used }: UsedImage): ImageState {
  const others = used.filter(({ id }) => id !== named?.id).flatMap(({ containers }) => containers);
  if (!named) {
    return used.length > 0
      ? { level: 'degraded', words: 'the name stands for nothing on the engine any more' }
      : { level: 'unknown', words: 'not on the engine yet' };
  }
  if (used.length === 0) return { level: 'unknown', words: 'on the engine, used by no container' };
  if (others.length === 0) return { level: 'ok', words: 'what runs is what the name stands for' };
  const runs = others.length === 1 ? 'was' : 'were';
  return {
    level: 'degraded',
    words: `${formatQuantity(others.length, 'container')} ${runs} made from another one than the name stands for now`,
  };
}

/** As registries know it, without the name that stands beside it; else the engine's own id. */
export function toDigest({ named, used }: UsedImage): { text: string; isLocal: boolean } | null {
  const facts = named ?? used[0]?.image ?? null;
  if (!facts) return null;
  const digest = facts.digests[0]?.split('@').at(-1);
  return digest ? { text: digest, isLocal: false } : { text: facts.id, isLocal: true };
}
