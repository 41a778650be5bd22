// A stack in a folder on one engine, operated through the guarded handlers as the composition wires them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CallContext, Handlers, PlanRequest } from '../../../contract/index.ts';
import { createAuditLog } from '../../audit/auditLog.ts';
import { createEnvironments } from '../../environment/environments.ts';
import { guardHandlers } from '../../environment/guardHandlers.ts';
import { createEnvironmentHandlers } from '../../environment/handlers.ts';
import { createSettingsStore } from '../../environment/settings.ts';
import { createStartView } from '../../environment/startView.ts';
import { createHistory } from '../../history/history.ts';
import { toEngineSource } from '../../posture/test/judgeOnEngine.ts';
import { createStackHandlers } from '../../stack/handlers.ts';
import { createStackOperator, withModeOfPlan } from '../../stack/operate/stackOperator.ts';
import { createAuditHandlers, createTimelineHandlers } from '../../timeline/handlers.ts';
import { createTimeline } from '../../timeline/timeline.ts';
import { createCollectors } from '../../traces/otlp/collectors.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { type EngineUnderTest, IMAGE } from './engineUnderTest.ts';

type Service = Readonly<Record<string, unknown>>;
export type OperatedHandlers = Pick<Handlers, 'environment' | 'stack' | 'timeline' | 'audit'>;

export interface OperatedStack {
  readonly name: string;
  readonly environment: string;
  readonly folder: string;
  readonly handlers: OperatedHandlers;
  /** Writes the compose file of a mode. Each service is the test's image, and ends at once when asked. */
  write(services: Record<string, Service>, options?: { mode?: 'dev' | 'prod'; volumes?: readonly string[] }): void;
  plan(request: Partial<PlanRequest>): ReturnType<OperatedHandlers['stack']['plan']>;
  /** Plans and carries out; rejects with the result when not everything was done. */
  up(request?: Partial<PlanRequest>): Promise<void>;
  /** Containers by name without the project's, with their states. */
  states(): Promise<Record<string, string>>;
}

export const call: CallContext = { signal: new AbortController().signal, caller: 'cli' };

export function createOperatedStack(under: EngineUnderTest, kind: string): OperatedStack {
  const name = under.name(kind).toLowerCase();
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  const environment = `docker~${name}`;
  const handlers = createHandlers(under, folder, environment);
  const plan: OperatedStack['plan'] = (request) =>
    handlers.stack.plan({ environment, verb: 'up', variables: {}, ...request }, call);
  return {
    name,
    environment,
    folder,
    handlers,
    write(services, { mode = 'dev', volumes = [] } = {}) {
      const file = mode === 'prod' ? 'docker-compose.prod.yaml' : 'docker-compose.yaml';
      // JSON is YAML.
      writeFileSync(join(folder, file), JSON.stringify(toCompose(under, name, services, volumes)));
    },
    plan,
    async up(request = {}) {
      const { id } = await plan(request);
      const result = await handlers.stack.up({ environment, plan: id }, call);
      if (result.outcome !== 'applied') throw new Error(JSON.stringify(result, null, 1));
    },
    async states() {
      const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${name}`] }));
      const { body } = await under.call('GET', `/containers/json?all=1&filters=${filters}`);
      const rows = body as { Names: string[]; State: string }[];
      return Object.fromEntries(rows.map(({ Names, State }) => [(Names[0] ?? '').slice(name.length + 2), State]));
    },
  };
}

function toCompose(
  under: EngineUnderTest,
  name: string,
  services: Record<string, Service>,
  volumes: readonly string[],
) {
  const complete = (service: Service) => ({
    image: IMAGE,
    command: ['search'],
    init: true,
    stop_grace_period: '2s',
    pull_policy: 'never',
    ...service,
    labels: under.labels,
  });
  return {
    name,
    services: Object.fromEntries(Object.entries(services).map(([key, service]) => [key, complete(service)])),
    ...(volumes.length > 0
      ? { volumes: Object.fromEntries(volumes.map((key) => [key, { labels: under.labels }])) }
      : {}),
  };
}

function createHandlers(under: EngineUnderTest, folder: string, environment: string): OperatedHandlers {
  const now = Date.now;
  const engines = new Map([['docker', toEngineSource(under.socketPath)]]);
  const history = createHistory({ folder: temporaryFolder(), now });
  const audit = createAuditLog(history, now);
  const startView = createStartView(engines);
  const environments = createEnvironments({
    engines,
    findDeclared: () => null,
    history,
    collectors: createCollectors(),
    isHostReadOnly: false,
    now,
    lingerMs: 100,
  });
  // Its operator has opened it for good; production is held all the same.
  createSettingsStore(history, now).change(environments.placeOf(environment), { guard: 'open' });
  const findFolder = (id: string) => (id === environment ? folder : null);
  const operator = createStackOperator({ environments, findFolder, history, now });
  onTestFinished(async () => {
    await operator.close();
    await environments.close();
    history.close();
  });
  const own: OperatedHandlers = {
    environment: createEnvironmentHandlers({ environments, startView }),
    stack: createStackHandlers({ environments, operator }),
    timeline: createTimelineHandlers({
      timeline: createTimeline({ history, audit, now }),
      history,
      placeOf: environments.placeOf,
    }),
    audit: createAuditHandlers({ audit, history, placeOf: environments.placeOf }),
  };
  return guardHandlers(withOthers(own), {
    inspect: (id, operation, input, signal) =>
      environments.inspect(id, operation, withModeOfPlan(input, operator), signal),
    hostGuard: 'open',
    audit,
  });
}

/** The guard wants every operation; the others are not called here. */
function withOthers(own: OperatedHandlers): Handlers {
  const missing = new Proxy({}, { get: () => () => Promise.reject(new Error('not part of this test')) });
  return new Proxy(own, { get: (target, domain) => target[domain as keyof OperatedHandlers] ?? missing }) as Handlers;
}
