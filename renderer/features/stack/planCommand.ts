// The same thing on the command line, to copy. Pure.
import type { Engine, Plan } from '../../../app/contract/index.ts';
import { toShellWord } from '../../components/shellWord.ts';
import { toEngineCommand } from '../services/engineCommand.ts';
import { isOnContainers, type PlanWish, type WishOption } from './planWish.ts';

export interface CommandPlace {
  /** undefined: not known yet. */
  engine: Engine | undefined;
  /** With the compose files; null: not known. */
  folder: string | null;
}

const flags: Readonly<Record<WishOption, readonly string[]>> = {
  orphans: ['--remove-orphans'],
  build: ['--build'],
  pull: ['--pull', 'always'],
  recreate: ['--recreate', 'always'],
  volumes: ['--volumes'],
  carry: ['--carry-data'],
};

/** `gatehouse up search --stack /srv/shop`; what only an engine does, as docker does it: null until it is planned. */
export function toPlanCommand(wish: PlanWish, place: CommandPlace, plan: Plan | undefined): string | null {
  const { verb, mode, services, scale, options } = wish;
  if (isOnContainers(verb)) {
    const containers = (plan?.steps ?? []).filter(({ resource }) => resource === 'container').map(({ name }) => name);
    return place.engine && containers.length > 0 ? toEngineCommand(place.engine, [verb, ...containers]) : null;
  }
  const replicas = Object.entries(scale).map(([name, count]) => `${name}=${count}`);
  return toStackCommand(
    [
      verb,
      ...(verb === 'switch' && mode ? [mode] : []),
      ...(verb === 'scale' ? replicas : services),
      ...(verb !== 'switch' && mode ? ['--mode', mode] : []),
      ...options.flatMap((option) => flags[option]),
    ],
    place,
  );
}

/** A command about the stack, with where it is. */
export function toStackCommand(words: readonly string[], place: CommandPlace): string {
  return ['gatehouse', ...words, ...toFiles(place), ...toEngine(place)].map(toShellWord).join(' ');
}

/** A command about its files alone, which needs no engine. */
export function toFilesCommand(words: readonly string[], place: CommandPlace): string {
  return ['gatehouse', ...words, ...toFiles(place)].map(toShellWord).join(' ');
}

const toFiles = ({ folder }: CommandPlace) => (folder === null ? [] : ['--stack', folder]);

/** The engine that `docker ps` reaches needs no word. */
function toEngine({ engine }: CommandPlace): string[] {
  if (!engine || engine.id === 'docker') return [];
  return ['--engine', engine.kind === 'sandbox' ? 'sandbox' : engine.address];
}
