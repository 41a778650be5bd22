import { useLive } from '../../api/useLive.ts';
import type { CommandPlace } from './planCommand.ts';

/** Where the commands that are shown beside actions have to look. */
export function useCommandPlace(environment: string): CommandPlace {
  const { data: found } = useLive('environment.found');
  return {
    engine: found?.engines.find(({ id }) => id === environment.split('~')[0]),
    folder: found?.projects.find((project) => project.environment === environment)?.folder ?? null,
  };
}
