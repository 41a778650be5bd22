// A stack for one command: asked of the running host, else of a host of its own that lives as long as the command.
import { resolve } from 'node:path';
import type { FoundProject, StackFiles, StartView } from '../../contract/index.ts';
import { PLATFORM_FOLDER } from '../programs.ts';
import type { RunningHost } from '../runtimeFile.ts';
import { CommandError, EXIT } from './exitCodes.ts';
import type { Api } from './hostConnection.ts';
import { isReadOnly } from './options.ts';
import type { StackOptions } from './stackOptions.ts';
import { remark } from './terminal.ts';

export interface StackSession {
  readonly api: Api;
  /** The project's name. */
  readonly project: string;
  /** Whether what is begun ends with this process. */
  readonly isOwnHost: boolean;
  /** What every question about the stack says. */
  readonly files: StackFiles & { folder: string };
}

export interface StackCommand {
  /** It changes nothing, and says something worth knowing of a sandbox that is empty. */
  readonly onlyLooks?: boolean;
}

/** Failures become a CommandError with the exit code that belongs to them. */
export async function inStack(
  options: StackOptions,
  action: (session: StackSession) => Promise<void>,
  { onlyLooks = false }: StackCommand = {},
): Promise<void> {
  const [{ findHost, withHost }, { lookAround }] = await Promise.all([
    import('./hostConnection.ts'),
    import('./environmentChoice.ts'),
  ]);
  // A host that may change things must not be asked to on behalf of a command that may not; and what the docker
  // command's settings mean, only a host that was started with them knows.
  const isSandbox = options.engine.kind === 'sandbox';
  const isOwn = (isReadOnly(options) && !(isSandbox && onlyLooks)) || options.engine.kind === 'settings';
  const running = isOwn ? undefined : findHost(options.port);
  const isDone = running
    ? await withHost(running, async (api) => {
        const view = await lookAround(api, ({ engines }) => engines.every(({ state }) => state !== 'connecting'));
        if (options.port === undefined && !(await isMeant(view, options, onlyLooks))) return false;
        await action(await openStack({ api, isOwnHost: false, view }, options));
        return true;
      })
    : false;
  if (isDone) return;
  if (isSandbox && !onlyLooks) throw new CommandError(EXIT.unreachable, SANDBOX_NEEDS_HOST);
  if (isSandbox) remark(EMPTY_SANDBOX);
  await withOwnHost(options, action);
}

async function withOwnHost(options: StackOptions, action: (session: StackSession) => Promise<void>): Promise<void> {
  const access = await startOwnHost(options);
  const { withHost } = await import('./hostConnection.ts');
  try {
    await withHost(access.host, async (api) => action(await openStack({ api, isOwnHost: true }, options)));
  } finally {
    await access.close();
  }
}

const SANDBOX_NEEDS_HOST =
  'a sandbox ends with the console that started it, so that this command needs one that runs, and none was found that ' +
  'may be asked; run `gatehouse serve --engine sandbox` in another terminal and start the sandbox on its page (without a ' +
  'sandbox, `gatehouse plan --engine sandbox` shows what would be done)';
const EMPTY_SANDBOX =
  'gatehouse: no sandbox of a console runs; this is about an empty one, which ends with this command';

async function startOwnHost(options: StackOptions): Promise<{ host: RunningHost; close(): Promise<void> }> {
  const [{ startHost }, { thisMachine }, { default: pino }] = await Promise.all([
    import('../host.ts'),
    import('../../services/docker/machine.ts'),
    import('pino'),
  ]);
  const { engine } = options;
  const isSandbox = engine.kind === 'sandbox';
  const settings = engine.kind === 'settings' ? { DOCKER_HOST: undefined, ...engine.settings } : {};
  const host = await startHost({
    port: 0,
    engineChoice: isSandbox ? 'sandbox' : 'docker',
    startsSandboxEngine: isSandbox,
    machine: { ...thisMachine, env: { ...thisMachine.env, ...settings } },
    stackFolder: null,
    readOnly: isReadOnly(options),
    isAnnounced: false,
    log: pino({ level: 'silent' }),
  });
  return { host: host.access, close: () => host.close() };
}

/**
 * Whether the host's Docker engine is the one that `docker ps` would reach in this shell: the console may have been
 * started with another DOCKER_HOST, and a stack must not be changed in a place that nobody looks at.
 */
async function isMeant({ engines }: StartView, { engine }: StackOptions, onlyLooks: boolean): Promise<boolean> {
  if (engine.kind === 'sandbox') {
    // To who would change something, the console says itself that its sandbox is off, and where it is started.
    return engines.some(({ id, state }) => id === 'sandbox' && !(onlyLooks && state === 'notRunning'));
  }
  const theirs = engines.find(({ id }) => id === 'docker');
  if (!theirs) return engine.kind === 'auto';
  const [{ findEngineAddress }, { toDockerHost }, { thisMachine }] = await Promise.all([
    import('../../services/docker/findAddress.ts'),
    import('../../services/docker/address.ts'),
    import('../../services/docker/machine.ts'),
  ]);
  try {
    return toDockerHost(findEngineAddress(thisMachine).address) === theirs.address;
  } catch {
    // This shell knows none; the host says what it knows.
    return true;
  }
}

async function openStack(
  { api, isOwnHost, view }: { api: Api; isOwnHost: boolean; view?: StartView },
  { engine, mode, stack }: StackOptions,
): Promise<StackSession> {
  const folder = resolve(stack ?? PLATFORM_FOLDER);
  const variables = toVariables(process.env);
  const named = engine.kind === 'docker' || engine.kind === 'sandbox' ? { engine: engine.kind } : {};
  const project = await api.environment.openFolder.mutate({ folder, variables, ...named });
  const environment = engine.kind === 'auto' ? choosePlace(project, view) : project.environment;
  return {
    api,
    project: project.name,
    isOwnHost,
    files: { environment, folder, variables, ...(mode ? { mode } : {}) },
  };
}

/** Pure. Where the project runs, when that is one place; else where it would run by default. */
export function choosePlace(project: FoundProject, view: StartView | undefined): string {
  const running = (view?.projects ?? []).filter(
    ({ name, containers }) => name === project.name && containers.running > 0,
  );
  const [only, ...others] = running;
  if (!only) return project.environment;
  if (others.length === 0) return only.environment;
  const ids = running.map(({ engine }) => engine).join(', ');
  throw new CommandError(EXIT.wrongUse, `"${project.name}" runs on several engines; choose one with --engine: ${ids}`);
}

/** The contract takes so much of a name, of a value, and so many; the host takes a megabyte in one message. */
const LIMITS = { name: 256, value: 32_768, count: 1000, all: 512 * 1024 };

/** Pure. The caller's shell is what compose files are read with; what is larger than any setting is left out. */
export function toVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  let length = 0;
  const fitting = Object.entries(environment).filter((entry): entry is [string, string] => {
    const [name, value = ''] = entry;
    if (name === '' || name.length > LIMITS.name || value.length > LIMITS.value) return false;
    length += name.length + value.length;
    return length <= LIMITS.all;
  });
  return Object.fromEntries(fitting.slice(0, LIMITS.count));
}
