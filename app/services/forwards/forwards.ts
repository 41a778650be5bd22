// All forwards of this host: opened under a limit, listed by environment, closed with the host.
import { randomBytes } from 'node:crypto';
import { type Forward, GatehouseError, type HelperConsent } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Environments } from '../environment/environments.ts';
import type { LiveEnvironment } from '../environment/liveEnvironment.ts';
import { findServiceKind } from '../stack/serviceKind.ts';
import { createLiveValue, isSameJson, type LiveValue, type WritableLiveValue } from '../stream/liveValue.ts';
import { type OpenedForward, openForward } from './forward.ts';
import { sweepHelpers } from './helperContainer.ts';
import { createRelayPool } from './relayPool.ts';
import type { RelaySource } from './relayStart.ts';
import { isUsuallyWeb } from './webPorts.ts';

export interface ForwardRequest {
  readonly environment: string;
  readonly service: string;
  readonly port: number;
  readonly localPort?: number | undefined;
  readonly idleMinutes: number;
  readonly hosts: readonly string[];
  readonly helper?: HelperConsent | undefined;
}

export interface Forwards {
  /** Rejects with a problem; then nothing listens. It outlives the signal, which is for the opening alone. */
  open(request: ForwardRequest, by: Opener): Promise<OpenedForward>;
  /** Throws `forward-unknown`. One that has ended already is ended. */
  end(environment: string, id: string, reason: string): void;
  list(environment: string): LiveValue<Forward[]>;
  /** Removes what helpers a killed console has left on an engine; once for each environment. */
  sweep(live: Pick<LiveEnvironment, 'id' | 'openEngine'>): Promise<void>;
  readonly source: RelaySource;
  close(): Promise<void>;
}

export interface Opener {
  readonly caller: string;
  readonly reason: string | null;
  readonly signal: AbortSignal;
}

export interface ForwardsOptions {
  readonly environments: Pick<Environments, 'use'>;
  readonly source: RelaySource;
  readonly describeHolder: (port: number) => Promise<string>;
  readonly now: () => number;
}

const openLimit = 32;
/** Of an environment, so that it can be read why they ended. */
const endedKept = 8;
const measureEveryMs = 1000;

interface Place {
  readonly list: WritableLiveValue<Forward[]>;
  readonly open: Map<string, OpenedForward>;
  ended: Forward[];
}

export function createForwards(options: ForwardsOptions): Forwards {
  const { environments, source, now } = options;
  const pool = createRelayPool(source);
  const places = new Map<string, Place>();
  const swept = new Set<string>();
  const lives = new Set<Promise<unknown>>();
  const getPlace = (environment: string): Place => {
    const place = places.get(environment) ?? {
      list: createLiveValue<Forward[]>([], isSameJson),
      open: new Map(),
      ended: [],
    };
    places.set(environment, place);
    return place;
  };
  const all = () => [...places.values()].flatMap(({ open }) => [...open.values()]);
  const timer = setInterval(() => {
    for (const place of places.values()) {
      if (place.open.size === 0) continue;
      for (const forward of place.open.values()) forward.measure();
      publish(place);
    }
  }, measureEveryMs);
  timer.unref();

  const openIn = async (live: LiveEnvironment, request: ForwardRequest, by: Opener): Promise<OpenedForward> => {
    requireService(live, request.service);
    const place = getPlace(request.environment);
    const forward = await openForward({
      ...toForwardOptions(live, request, by),
      pool,
      source,
      describeHolder: (port) => describeHolder(port, { all, live, options }),
      now,
      onChange: () => publish(place),
    });
    place.open.set(forward.id, forward);
    publish(place);
    const subject = `${request.service}:${request.port}`;
    const where = `127.0.0.1:${forward.snapshot().localPort}`;
    live.changes.addOperatorAction(subject, `opened on ${where} of this machine`);
    void forward.ended.then((reason) => {
      place.open.delete(forward.id);
      place.ended = [forward.snapshot(), ...place.ended].slice(0, endedKept);
      publish(place);
      live.changes.addOperatorAction(subject, `closed on ${where}: ${reason}`);
    });
    return forward;
  };

  return {
    source,
    open(request, by) {
      const { promise, resolve, reject } = Promise.withResolvers<OpenedForward>();
      if (all().length >= openLimit) return Promise.reject(tooMany());
      // Held for as long as it is open: what follows a service needs to see it.
      const life = environments
        .use(request.environment, by.signal, async (live) => {
          const forward = await openIn(live, request, by);
          resolve(forward);
          await forward.ended;
        })
        .catch(reject)
        .finally(() => lives.delete(life));
      lives.add(life);
      return promise;
    },
    end(environment, id, reason) {
      const place = getPlace(environment);
      const forward = place.open.get(id);
      if (forward) return forward.end(reason);
      if (!place.ended.some((one) => one.id === id)) throw unknownForward(id);
    },
    list: (environment) => getPlace(environment).list,
    async sweep({ id, openEngine }) {
      if (swept.has(id)) return;
      swept.add(id);
      await withoutRecording(async () => {
        const engine = openEngine();
        try {
          await sweepHelpers(engine, now());
        } finally {
          engine.close();
        }
      }).catch(() => {
        // Asked again with the next one who looks.
        swept.delete(id);
      });
    },
    async close() {
      clearInterval(timer);
      for (const forward of all()) forward.end('the console has ended');
      await Promise.all(lives);
      await pool.close();
    },
  };
}

function publish({ list, open, ended }: Place): void {
  list.set([...[...open.values()].map((forward) => forward.snapshot()), ...ended]);
}

function toForwardOptions(live: LiveEnvironment, request: ForwardRequest, by: Opener) {
  const { service, port, localPort, idleMinutes, hosts, helper } = request;
  const image = [...(live.stack.observed.current?.containers.values() ?? [])].find(
    (one) => one.service === service,
  )?.image;
  return {
    id: randomBytes(8).toString('hex'),
    live,
    target: { service, port },
    helper,
    localPort,
    idleMs: idleMinutes * 60_000,
    // The service's own name is what some clients insist on; a public name it cannot be, since it has no dot.
    allowedHosts: service.includes('.') ? hosts : [...hosts, service],
    isUsuallyWeb: isUsuallyWeb(findServiceKind(service, image ?? ''), port),
    openedBy: by.caller,
    reason: by.reason,
  };
}

/** While the engine has not answered yet nothing is known, and the opening says so. */
function requireService({ stack }: LiveEnvironment, service: string): void {
  const known = new Set([...(stack.observed.current?.containers.values() ?? [])].map((one) => one.service));
  if (known.size === 0 || known.has(service)) return;
  const names = [...known].filter((name) => name !== null).toSorted();
  throw new GatehouseError({
    code: 'service-unknown',
    message: `The project has no container of a service "${service.slice(0, 64)}".`,
    remedy: `It has ${names.slice(0, 40).join(', ')}.`,
  });
}

interface HolderParts {
  all: () => OpenedForward[];
  live: LiveEnvironment;
  options: ForwardsOptions;
}

/** Our own first, then the project's, then whoever it is. */
async function describeHolder(port: number, { all, live, options }: HolderParts): Promise<string> {
  const own = all()
    .map((forward) => forward.snapshot())
    .find(({ localPort }) => localPort === port);
  if (own) return `the forward of ${own.service}:${own.port} of ${own.environment} has it`;
  const publisher = [...(live.stack.observed.current?.containers.values() ?? [])].find(
    ({ state, ports }) => state === 'running' && ports.some(({ hostPort }) => hostPort === port),
  );
  if (publisher) return `${publisher.service ?? publisher.name} publishes its own port there`;
  return options.describeHolder(port);
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'port-unreachable',
    message: `${openLimit} ports are open, which is the most.`,
    remedy: 'Close one that is not needed.',
  });
}

function unknownForward(id: string): GatehouseError {
  return new GatehouseError({
    code: 'forward-unknown',
    message: `No open port has the id ${id.slice(0, 64)}.`,
    remedy: 'It may have been closed a while ago; look at the list.',
  });
}
