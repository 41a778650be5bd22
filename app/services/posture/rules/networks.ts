// What the networks keep apart, and which forbidden ways they leave open.
import type { Part, PostureFacts } from '../facts/facts.ts';
import {
  findMentions,
  findSegments,
  isApplication,
  isMonitoring,
  isStore,
  membersOf,
  needs,
  sharedNetworks,
} from './roles.ts';
import {
  type Finding,
  fail,
  inProduction,
  model,
  ofParts,
  pass,
  type Rule,
  toFinding,
  toSortedList,
  unknown,
} from './rule.ts';

const POOLERS = /(^|\/)(pgbouncer|pgpool|pgcat|odyssey|proxysql)/;
const DATABASES = /(^|\/)(postgres|postgis|pgvector|timescale|mysql|mariadb)/;

function judgeNetworks(facts: PostureFacts): Finding[] {
  const isOuter = (members: readonly Part[]) =>
    members.some(({ kind }) => kind === 'edge') ||
    (!facts.parts.some(({ kind }) => kind === 'edge') && !members.some((part) => isStore(part) || isApplication(part)));
  return facts.networks.flatMap(({ name, label, isInternal, where }) => {
    const members = membersOf(name, facts);
    // The edge needs a network with a way out, or its published ports would lead nowhere.
    if (members.length === 0 || isOuter(members)) return [];
    if (isInternal === null) return [toFinding(label, where, unknown('is made elsewhere, and was not looked at'))];
    const who = `${members.length} ${members.length === 1 ? 'service' : 'services'}`;
    const verdict = isInternal
      ? pass('is internal')
      : fail(`is not internal: ${who} on it reach the internet, and can be published`);
    return [toFinding(label, where, verdict)];
  });
}

function judgeStrangers({ networks }: PostureFacts): Finding[] {
  return networks.map(({ label, strangers, where }) =>
    toFinding(
      label,
      where,
      strangers.length > 0
        ? fail(`holds ${toSortedList(strangers)}, which are not of this project`)
        : pass('holds containers of this project alone'),
    ),
  );
}

/** Beyond the gateway and what measures the edge itself. */
function judgeEntry(edge: Part, facts: PostureFacts) {
  const hasGateway = facts.parts.some(({ kind }) => kind === 'gateway');
  const isExpected = (part: Part) =>
    ['edge', 'gateway', 'exporter'].includes(part.kind) || (!hasGateway && isApplication(part));
  const reached = facts.parts.filter((part) => !isExpected(part) && sharedNetworks(edge, part, facts).length > 0);
  if (reached.length === 0) return pass(hasGateway ? 'reaches the gateway alone' : 'reaches applications alone');
  const ways = toSortedList(reached.flatMap((part) => sharedNetworks(edge, part, facts)));
  return fail(`reaches ${toSortedList(reached.map(({ service }) => service))} over ${ways}`);
}

function judgeMonitored(store: Part, facts: PostureFacts) {
  const watchers = facts.parts.filter((part) => isMonitoring(part) && sharedNetworks(store, part, facts).length > 0);
  if (watchers.length === 0) return pass('is off the network of monitoring');
  const networks = toSortedList(watchers.flatMap((part) => sharedNetworks(store, part, facts)));
  return fail(
    `is on ${networks} with ${toSortedList(watchers.map(({ service }) => service))}: all that is measured reaches it`,
  );
}

/** A part on several segments must have business on each: else it reaches stores that are not its own. */
function judgeSegments(part: Part, facts: PostureFacts) {
  const segments = findSegments(facts).filter(({ name }) => part.networks.includes(name));
  if (segments.length < 2) return pass('reaches stores of one network at most');
  const storesOf = (name: string) => membersOf(name, facts).filter(isStore);
  // A store on several networks is no reason to be on each of them.
  const needed = (name: string) =>
    storesOf(name).some(
      (store) => store.networks.filter((one) => part.networks.includes(one)).length === 1 && needs(part, store),
    );
  const idle = segments.filter(({ name }) => !needed(name));
  if (idle.length === 0) return pass('needs something on each of its networks');
  const names = idle.flatMap(({ name }) => storesOf(name).map(({ service }) => service));
  return fail(
    `is on ${toSortedList(idle.map(({ label }) => label))} as well, where it reaches ${toSortedList(names)} and needs nothing`,
  );
}

function judgePoolers(facts: PostureFacts): Finding[] {
  const poolers = facts.parts.filter(
    ({ image, service }) => POOLERS.test(image.split(':')[0] ?? '') || POOLERS.test(service),
  );
  const fronted = (pooler: Part) =>
    facts.parts.filter(({ image }) => DATABASES.test(image)).filter((database) => needs(pooler, database));
  return poolers.flatMap((pooler) =>
    fronted(pooler).flatMap((database) => {
      const near = facts.parts.filter(
        (part) => isApplication(part) && sharedNetworks(part, database, facts).length > 0,
      );
      if (near.length === 0) {
        return [toFinding(database.service, database.where, pass('shares no network with an application'))];
      }
      return near.map((part) => toFinding(part.service, part.where, judgeBypass(part, { pooler, database, facts })));
    }),
  );
}

/** Near enough is not enough: one also needs what opens the database. */
function judgeBypass(part: Part, { pooler, database, facts }: { pooler: Part; database: Part; facts: PostureFacts }) {
  const network = toSortedList(sharedNetworks(part, database, facts));
  const direct = findMentions(part, database.service);
  if (direct.length > 0)
    return fail(`goes to ${database.service} itself, past ${pooler.service} (${toSortedList(direct)})`);
  const keys = [
    ...findMentions(part, pooler.service),
    ...part.secrets.filter((name) => database.secrets.includes(name) || pooler.secrets.includes(name)),
  ];
  if (keys.length === 0) return pass(`shares ${network} with ${database.service}, but is given nothing that opens it`);
  return fail(
    `could go to ${database.service} past ${pooler.service}: it shares ${network} and is given ${toSortedList(keys)}`,
  );
}

const IDENTITY = /IDENTITY/;

/** Whether the gateway signs who a caller is; undefined when its configuration is not known. */
export function findSigning({ parts, gateway }: PostureFacts): boolean | undefined {
  const isToldToSign = parts.some(
    ({ kind, environment, command }) =>
      kind === 'gateway' &&
      (environment.some(({ name, value }) => name === 'GATEHOUSE_IDENTITY_KEY_FILE' && value !== '') ||
        command.includes('--identity-key')),
  );
  if (isToldToSign) return true;
  return gateway.state === 'known' ? gateway.config.isSigning : undefined;
}

/** Upstreams of the gateway; where its configuration is not known, all applications. */
function findTargets(facts: PostureFacts): Part[] {
  const { gateway, parts } = facts;
  if (gateway.state !== 'known') return parts.filter(isApplication);
  const hosts = new Set(gateway.config.routes.flatMap(({ upstreamHosts }) => upstreamHosts));
  return parts.filter((part) => isApplication(part) && hosts.has(part.service));
}

function judgeServiceCalls(facts: PostureFacts): Finding[] {
  if (!facts.parts.some(({ kind }) => kind === 'gateway')) return [];
  const isSigning = findSigning(facts);
  return findTargets(facts).map((target) => {
    const callers = facts.parts.filter(
      (part) =>
        isApplication(part) && part.service !== target.service && sharedNetworks(part, target, facts).length > 0,
    );
    return toFinding(target.service, target.where, judgeCalls(target, { callers, isSigning, facts }));
  });
}

function judgeCalls(
  target: Part,
  { callers, isSigning, facts }: { callers: readonly Part[]; isSigning: boolean | undefined; facts: PostureFacts },
) {
  if (callers.length === 0) return pass('shares no network with another application');
  const networks = toSortedList(callers.flatMap((part) => sharedNetworks(part, target, facts)));
  const way = `can be called past the gateway over ${networks}`;
  if (isSigning === undefined) return unknown(`${way}; whether the gateway signs its requests is not known`);
  if (!isSigning) return fail(`${way}, and cannot tell: the gateway does not sign its requests`);
  return target.environment.some(({ name }) => IDENTITY.test(name))
    ? pass('takes what the gateway has signed alone')
    : unknown(`${way}; whether it refuses what the gateway has not signed cannot be seen from here`);
}

export const networkRules: readonly Rule[] = [
  {
    id: 'network.internal',
    severity: 'critical',
    title: 'Every network behind the edge is internal',
    remedy: 'Write `internal: true` for the network.',
    source: model('Network Topology, Production Security; Security Model 1, Internal Networks'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: judgeNetworks,
  },
  {
    id: 'network.strangers',
    severity: 'high',
    title: 'No container of another project is on a network of the stack',
    remedy: 'Disconnect it: `docker network disconnect NETWORK CONTAINER`.',
    source: model('Security Model 1, Network Isolation'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: (facts) => (facts.basis === 'engine' ? judgeStrangers(facts) : []),
  },
  {
    id: 'reach.edge',
    severity: 'critical',
    title: 'The edge reaches the gateway and nothing past it',
    remedy: 'Take the edge off every network but the one that it shares with the gateway.',
    source: model('Network Flow Rules; Security Model 1, No Direct Access'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeEntry, ({ kind }) => kind === 'edge'),
  },
  {
    id: 'reach.foreign-store',
    severity: 'high',
    title: 'No service reaches stores of a network that it has no business on',
    remedy: 'Take the service off the network; its own stores are on the other one.',
    source: model('Network Topology, Network Segmentation'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeSegments, isApplication),
  },
  {
    id: 'reach.monitored-store',
    severity: 'high',
    title: 'Stores are off the network of monitoring',
    remedy: 'Put an exporter on both networks, and the store on its own alone.',
    source: model('Network Flow Rules, Prometheus → All Services'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: ofParts(judgeMonitored, isStore),
  },
  {
    id: 'reach.pooler-bypass',
    severity: 'medium',
    title: 'Nobody can go to a pooled database past its pooler',
    remedy: 'Give the application a user of the pooler’s own, or put database and pooler on a network of their own.',
    source: model('Service Dependencies; Architecture Overview, PgBouncer'),
    modes: inProduction,
    isEnforcedByEngine: true,
    judge: judgePoolers,
  },
  {
    id: 'reach.past-gateway',
    severity: 'high',
    title: 'Services take requests from the gateway alone',
    remedy:
      'Have the gateway sign (`auth.identity.signed`, or GATEHOUSE_IDENTITY_KEY_FILE) and services refuse what is not.',
    source: model('Network Flow Rules, Direct service-to-service calls; Security Model 1, Zero Trust'),
    modes: inProduction,
    judge: judgeServiceCalls,
  },
];
