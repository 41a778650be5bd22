// Forwards over one project of one engine, wired as the host wires them.
import { createEngine } from '../docker/engine.ts';
import type { EngineSource } from '../environment/engines.ts';
import { type LiveEnvironment, openEnvironment } from '../environment/liveEnvironment.ts';
import { createForwards, type ForwardRequest, type Forwards, type Opener } from '../forwards/forwards.ts';

export interface TestForwards {
  readonly forwards: Forwards;
  readonly live: LiveEnvironment;
  readonly by: Opener;
  request(service: string, port: number): ForwardRequest;
  close(): Promise<void>;
}

export interface ForwardsOfEngineOptions {
  kind: 'sandbox' | 'dockerd';
  socketPath: string;
  project: string;
  /** null: no container but a gateway's can run a relay. */
  source?: string | null;
}

export function openForwardsOf({ kind, socketPath, project, source = null }: ForwardsOfEngineOptions): TestForwards {
  const address = { kind: 'socket', path: socketPath } as const;
  const engineKind = kind === 'sandbox' ? 'sandbox' : 'docker';
  const engine: EngineSource = {
    id: engineKind,
    kind: engineKind,
    isAsked: () => true,
    ask() {},
    gatewayReach: 'exec',
    findAddress: () => address,
    findOrigin: () => 'a test',
    open: () => createEngine(address),
  };
  const live = openEnvironment({
    id: `${engineKind}~${project}`,
    project,
    engine,
    findDeclared: () => null,
    findGuard: () => ({ guard: 'open', reason: 'a test', unlockedUntil: null }),
    findSettings: () => ({ name: null, colour: null, guard: null }),
    journal: { add() {}, confirmWatched() {}, loseSight() {} },
    collectors: { find: () => undefined, onChange: () => () => {} },
    now: Date.now,
  });
  const forwards = createForwards({
    environments: { use: (_id, _signal, work) => work(live) },
    source: async () => source,
    describeHolder: async () => 'it is held by a test',
    now: Date.now,
  });
  return {
    forwards,
    live,
    by: { caller: 'test', reason: null, signal: new AbortController().signal },
    request: (service, port) => ({ environment: live.id, service, port, idleMinutes: 30, hosts: [] }),
    async close() {
      await forwards.close();
      await live.close();
    },
  };
}
