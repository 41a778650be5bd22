// What one would type to ask the engine itself. Pure.
import type { Engine } from '../../../app/contract/index.ts';
import { toShellWord } from '../../components/shellWord.ts';

/** `docker inspect x`, with the engine's address where it is not the one that docker asks by default. */
export function toEngineCommand({ id, address }: Engine, words: readonly string[]): string {
  const host = id === 'docker' || address === '' ? [] : ['-H', address];
  return ['docker', ...host, ...words].map(toShellWord).join(' ');
}
