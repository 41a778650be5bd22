// A gateway: its state, its data port and its admin socket. Several may live in one process.
import { createAdminServer } from './admin/adminServer.ts';
import { listenOnUnixSocket } from './admin/unixSocket.ts';
import type { GatewayConfig } from './config/document.ts';
import { explainNow } from './control/explainNow.ts';
import type { ListenedEvents } from './events/gatewayEvents.ts';
import { listen } from './events/listen.ts';
import { createCore, type GatewayOptions } from './exchange/createCore.ts';
import type { LimitReset } from './limits/limits.ts';
import type { LimitsView } from './limits/limitsView.ts';
import type { BindAddress } from './resolve/ports.ts';
import { createDataServer } from './server/dataServer.ts';
import { type CloseOptions, endGateway } from './server/endGateway.ts';
import type { ExplainRequest, Explanation } from './stages/explain.ts';
import type { Upstreams } from './upstream/upstreams.ts';

export interface Gateway {
  /** Binds the data port; without an address, the configured one. Rejects when it is taken. */
  listen(address?: BindAddress): Promise<BindAddress>;
  /** Binds the admin API to a unix socket, mode 0600. Rejects when another gateway answers there. */
  adminListen(path: string): Promise<void>;
  /**
   * Puts another configuration in force for every exchange that begins from now on; running ones end by theirs.
   * Breakers, connections, counters and keys of what has the same name stay. The address stays the one that is bound.
   * Throws, and changes nothing, when something that it names is not usable.
   */
  replaceConfig(config: GatewayConfig): void;
  /** Reads `configFile` again. Throws ConfigError when it is not valid, having changed nothing. */
  reload(): void;
  /** Goes on in new files where logs have been moved away. */
  reopenLogs(): void;
  /** What would happen to a request now. Runs the very stages of the data path; nothing is forwarded or counted. */
  explain(request: ExplainRequest): Promise<Explanation>;
  /**
   * Tells of breakers, replicas, configurations, the drain and finished exchanges, always in a later turn of the event loop. A
   * listener of exchanges that holds up the event loop loses some, as any viewer of the tap. Returns what ends it.
   */
  on<Name extends keyof ListenedEvents>(name: Name, listener: (event: ListenedEvents[Name]) => void): () => void;
  /** What the limits have counted, and of each policy the `topKeys` (20) keys that have used most. */
  viewLimits(topKeys?: number): LimitsView;
  /** Gives a key of a policy, written as viewLimits writes it, a whole burst anew; undefined when there is no such policy. */
  resetLimit(policy: string, key: string): Promise<LimitReset | undefined>;
  /** The configuration in force. */
  readonly config: GatewayConfig;
  /** How much of request bodies is held in memory now, while they are checked and forwarded. */
  readonly bufferedBytes: number;
  /** What an operator may do to upstreams and replicas: hold a breaker, drain a replica. */
  readonly upstreams: Upstreams;
  /** Where the data port is bound; null before listen. */
  readonly address: BindAddress | null;
  /**
   * Ends in three steps: for `delayMs` it serves on while readiness says 503; then nothing new is taken, idle
   * connections end, and what runs gets `graceMs`; what is left is cut. True when nothing was. By default as the
   * configuration in force says under `drain`.
   */
  close(options?: CloseOptions): Promise<boolean>;
}

/** Opens no socket until listen is called. Throws when a file or variable that the configuration names is not usable. */
export function createGateway(config: GatewayConfig, options: GatewayOptions = {}): Gateway {
  const core = createCore(config, options);
  const server = createDataServer(core);
  const admin = createAdminServer(core);
  let address: BindAddress | null = null;
  let closing: Promise<boolean> | undefined;

  return {
    async listen(wanted = core.revision.config.listen) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(wanted.port, wanted.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      core.upstreams.start();
      const bound = server.address();
      address = core.live.address = {
        host: wanted.host,
        port: typeof bound === 'object' && bound ? bound.port : wanted.port,
      };
      const { revision, routes } = core.revision.config;
      core.log.info('listening', { ...address, revision, routes: routes.length });
      core.revision.auth.warm();
      core.configFile?.watch();
      return address;
    },
    async adminListen(path) {
      await listenOnUnixSocket(admin.server, path);
      core.log.info('admin API listening', { path });
    },
    replaceConfig: (next) => void core.configs.offer(() => next, { origin: 'library' }),
    reload() {
      if (!core.configFile) throw new Error('this gateway has no configuration file; give createGateway a configFile');
      core.configFile.reload('signal');
    },
    reopenLogs: () => core.accessLog.reopen(),
    explain: (request) => explainNow(core, request),
    on: (name, listener) => listen(core, name, listener),
    viewLimits: (topKeys) => core.limits.view(topKeys),
    resetLimit: (policy, key) => core.limits.reset(policy, key),
    upstreams: core.upstreams,
    get config() {
      return core.revision.config;
    },
    get bufferedBytes() {
      return core.bodyRoom.heldBytes;
    },
    get address() {
      return address;
    },
    close(options = {}) {
      closing ??= endGateway(core, { server, admin }, options);
      return closing;
    },
  };
}
