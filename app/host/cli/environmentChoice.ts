// Which environment a command means when it names none.
import type { FoundProject, StartView } from '../../contract/index.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import { type Api, firstValue } from './hostConnection.ts';

/** How long the first look at the engines may take before a command says that nothing is there. */
const DISCOVERY_MS = 3000;

/** Pure. The only sandbox, else the only project that runs, else the only project. Undefined when there is none. */
export function chooseEnvironment(projects: readonly FoundProject[]): string | undefined {
  const candidates = [
    projects.filter((project) => project.engineKind === 'sandbox' && isRunning(project)),
    projects.filter(isRunning),
    projects,
  ].find((some) => some.length > 0);
  if (!candidates) return undefined;
  const [only, ...others] = candidates;
  if (only && others.length === 0) return only.environment;
  const ids = candidates.map(({ environment }) => environment).join(', ');
  throw new CommandError(EXIT.wrongUse, `several environments are there; choose one with --environment: ${ids}`);
}

function isRunning({ containers }: FoundProject): boolean {
  return containers.running > 0;
}

/** Undefined when nothing was named and nothing is there. */
export async function findEnvironment(
  api: Api,
  named: string | undefined,
  isMeant: (project: FoundProject) => boolean = () => true,
): Promise<string | undefined> {
  if (named !== undefined) return named;
  const view = await lookAround(api, ({ projects }) => projects.some(isMeant));
  return chooseEnvironment(view.projects.filter(isMeant));
}

/** What the host has found once `accept` says that it is enough, or when the time for it is over. */
export function lookAround(api: Api, accept: (view: StartView) => boolean): Promise<StartView> {
  return firstValue<StartView>((observer) => api.environment.found.subscribe(undefined, observer), {
    accept,
    withinMs: DISCOVERY_MS,
  });
}

export async function getEnvironment(api: Api, named: string | undefined): Promise<string> {
  const environment = await findEnvironment(api, named);
  if (environment !== undefined) return environment;
  throw new CommandError(
    EXIT.unreachable,
    'no environment is there: no compose project was found and the sandbox is off; start it in the console',
  );
}
