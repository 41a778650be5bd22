// The composition root: every feature is registered here in one line, and guarded as a whole.
import type { Handlers } from '../contract/index.ts';
import { createAuditLog } from '../services/audit/auditLog.ts';
import { createCapacityHandlers } from '../services/capacity/handlers.ts';
import { createDemoHandlers } from '../services/demo/handlers.ts';
import type { Machine } from '../services/docker/machine.ts';
import { createEdgeHandlers } from '../services/edge/handlers.ts';
import { createEngines } from '../services/environment/engines.ts';
import { createEnvironments } from '../services/environment/environments.ts';
import { guardHandlers } from '../services/environment/guardHandlers.ts';
import { createEnvironmentHandlers } from '../services/environment/handlers.ts';
import { createStartView } from '../services/environment/startView.ts';
import { createForwards } from '../services/forwards/forwards.ts';
import { createForwardHandlers } from '../services/forwards/handlers.ts';
import { createRelaySource } from '../services/forwards/relayStart.ts';
import { createGatewayHandlers } from '../services/gateway/handlers.ts';
import { createHistory, type History } from '../services/history/history.ts';
import { createHostHandlers } from '../services/host/handlers.ts';
import { createLogsHandlers } from '../services/logs/handlers.ts';
import { createMetricsHandlers } from '../services/metrics/handlers.ts';
import { createPostureHandlers } from '../services/posture/handlers.ts';
import { createSandboxHandlers } from '../services/sandbox/handlers.ts';
import type { Programs } from '../services/sandbox/programs.ts';
import { createSandbox, type SandboxOptions, toEnvironmentId } from '../services/sandbox/sandbox.ts';
import { createSecretsHandlers } from '../services/secrets/handlers.ts';
import { createReplayTokens } from '../services/secrets/replayTokens.ts';
import { absentKeeper, type SecretKeeper } from '../services/secrets/secretKeeper.ts';
import { loadFolder } from '../services/stack/compose/loadFolder.ts';
import { createStackHandlers } from '../services/stack/handlers.ts';
import { recordBoot } from '../services/stack/operate/recordBoot.ts';
import { createStackOperator, withModeOfPlan } from '../services/stack/operate/stackOperator.ts';
import { createStatsHandlers } from '../services/stats/handlers.ts';
import { createTerminalHandlers } from '../services/terminal/handlers.ts';
import { createTerminals } from '../services/terminal/terminals.ts';
import { createAuditHandlers, createTimelineHandlers } from '../services/timeline/handlers.ts';
import { createTimeline } from '../services/timeline/timeline.ts';
import { createTracesHandlers } from '../services/traces/handlers.ts';
import { createCollectors } from '../services/traces/otlp/collectors.ts';
import { createTrafficHandlers } from '../services/traffic/handlers.ts';
import { describePortHolder } from './portTaken.ts';
import { RELAY_FILE, readVersion } from './programs.ts';

export interface CompositionOptions {
  engineChoice: 'auto' | 'docker' | 'sandbox';
  /** Whose settings name the Docker engine; this one's when not given. */
  machine?: Machine | undefined;
  /** --stack: its project is listed from the start. */
  stackFolder: string | null;
  readOnly: boolean;
  /** With nothing on it. */
  startsSandboxEngine?: boolean;
  runtimeFolder: string;
  /** Who keeps secrets; nobody when not given. */
  keeper?: SecretKeeper | undefined;
  /** Where the history is kept. */
  stateFolder: string;
  programs: Programs;
}

export interface Composition {
  handlers: Handlers;
  /** Ends everything that was started, the sandbox too. */
  close(): Promise<void>;
}

/** Throws `folder-unreadable` or `compose-invalid` for a --stack that cannot be read. Starts nothing unasked. */
export async function createComposition(options: CompositionOptions): Promise<Composition> {
  const { engineChoice, machine, stackFolder, readOnly, runtimeFolder, stateFolder, programs } = options;
  const { keeper = absentKeeper } = options;
  const now = Date.now;
  const history = createHistory({ folder: stateFolder, now });
  const audit = createAuditLog(history, now);
  const collectors = createCollectors();
  const sandbox = createSandbox({
    programs,
    runtimeFolder,
    // Without the host's variables: the sandbox's platform is the same on every machine.
    loadProject: () => loadFolder(programs.platformFolder, {}),
    now,
    collectors,
    onUp: recordSandboxBoot(history, now),
  });
  const engines = createEngines({ engineChoice, sandbox, machine });
  const startView = createStartView(engines);
  const isOwnSandbox = (id: string) => sandbox.loaded !== undefined && id === toEnvironmentId(sandbox.loaded.project);
  const environments = createEnvironments({
    engines,
    findDeclared: (id) => (isOwnSandbox(id) ? (sandbox.loaded ?? null) : startView.findDeclared(id)),
    history,
    collectors,
    isHostReadOnly: readOnly,
    now,
  });
  const findFolder = (id: string) => startView.findFolder(id) ?? (isOwnSandbox(id) ? programs.platformFolder : null);
  const operator = createStackOperator({
    environments,
    findFolder,
    history,
    now,
  });
  const forwards = createForwards({
    environments,
    source: createRelaySource(RELAY_FILE),
    describeHolder: (port) => describePortHolder(port, runtimeFolder),
    now,
  });
  const terminals = createTerminals();
  const tokens = createReplayTokens(keeper);
  if (stackFolder !== null) await startView.openFolder(stackFolder);
  if (options.startsSandboxEngine) await sandbox.startEngine();

  const handlers: Handlers = {
    host: createHostHandlers({
      version: readVersion(),
      readOnly,
      stackFolder,
      engineChoice,
      storage: { history, runtimeFolder },
    }),
    environment: createEnvironmentHandlers({ environments, startView }),
    sandbox: createSandboxHandlers({ sandbox, engineChoice }),
    stack: createStackHandlers({ environments, operator }),
    stats: createStatsHandlers({ environments }),
    gateway: createGatewayHandlers({ environments }),
    traffic: createTrafficHandlers({ environments, tokens }),
    secrets: createSecretsHandlers({ keeper, tokens, placeOf: environments.placeOf }),
    logs: createLogsHandlers({ environments, history, now }),
    metrics: createMetricsHandlers({ environments }),
    traces: createTracesHandlers({ environments, collectors }),
    forwards: createForwardHandlers({ environments, forwards }),
    terminal: createTerminalHandlers({ environments, terminals }),
    edge: createEdgeHandlers({ environments }),
    capacity: createCapacityHandlers({ environments }),
    posture: createPostureHandlers({ environments, findFolder, now }),
    timeline: createTimelineHandlers({
      timeline: createTimeline({ history, audit, now }),
      history,
      placeOf: environments.placeOf,
    }),
    audit: createAuditHandlers({ audit, history, placeOf: environments.placeOf }),
    demo: createDemoHandlers({ environments }),
  };
  return {
    handlers: guardHandlers(handlers, {
      inspect: (id, operation, input, signal) =>
        environments.inspect(id, operation, withModeOfPlan(input, operator), signal),
      hostGuard: readOnly ? 'readOnly' : 'open',
      audit,
    }),
    async close() {
      await operator.close();
      terminals.close();
      await forwards.close();
      await environments.close();
      await sandbox.close();
      await collectors.closeAll();
      history.close();
    },
  };
}

/** How long the sandbox's platform took is kept like that of every stack which is brought up by a plan. */
function recordSandboxBoot(history: History, now: () => number): SandboxOptions['onUp'] {
  return (prepared, engine, took) =>
    recordBoot({ prepared, engine, place: `sandbox~${prepared.plan.project}`, history, now }, took);
}
