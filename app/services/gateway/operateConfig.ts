// The configuration of every replica of a gateway: read as one, tried on all, put in force on all or on none.
import {
  type ConfigHistory,
  type ConfigVerdict,
  GatehouseError,
  type GatewayChange,
  type GatewayConfigView,
  type KeptConfigView,
} from '../../contract/index.ts';
import {
  type AdminConfig,
  type AdminEntry,
  AdminFault,
  diffConfig,
  putConfig,
  readConfig,
  readConfigFile,
  readHistory,
  readKept,
  rollBackConfig,
  validateConfig,
} from './adminCalls.ts';
import { type Change, changeReplicas, distinct } from './changeReplicas.ts';
import { type GatewaySource, type LiveReplica, reached } from './gatewaySource.ts';
import { toPatch } from './unifiedPatch.ts';

type Source = Pick<GatewaySource, 'live' | 'firstLive' | 'all' | 'silent'>;

/** The text is that of the first replica; the others are named where theirs differs. */
export async function viewConfig(source: Source): Promise<GatewayConfigView> {
  const replicas = source.live();
  const configs = await reached(Promise.all(replicas.map(({ client }) => readConfig(client))));
  const [{ id: _, ...first } = missing()] = configs;
  const patch = first.file?.isInForce === false ? await findPatch(source.firstLive(), first) : null;
  return {
    ...first,
    patch,
    replicas: configs.map(({ etag, revision }, index) => ({ gateway: replicas[index]?.name ?? '', etag, revision })),
    silent: source.silent(),
  };
}

/** A gateway of an earlier version does not say what its file holds. */
async function findPatch({ client }: LiveReplica, { text, file }: Pick<AdminConfig, 'text' | 'file'>) {
  try {
    const inFile = await readConfigFile(client);
    return text === null || inFile.text === null ? null : toPatch(inFile.text, text, file?.path ?? inFile.path);
  } catch {
    return null;
  }
}

function missing(): never {
  throw new Error('a source without live replicas has to throw');
}

export async function tryConfig(source: Source, document: string): Promise<ConfigVerdict> {
  const verdicts = await reached(Promise.all(source.live().map(({ client }) => validateConfig(client, document))));
  const problems = distinct(verdicts.flatMap((verdict) => verdict.problems));
  return { isValid: verdicts.every(({ isValid }) => isValid), problems };
}

/** Throws `gateway-refused` for a document that is not valid. */
export async function compareConfig(source: Source, document: string) {
  return reached(diffConfig(source.firstLive().client, document).catch(refuse));
}

function refuse(error: unknown): never {
  if (!(error instanceof AdminFault)) throw error;
  const [problem] = error.problems;
  const place = problem?.line ? `line ${problem.line}: ` : '';
  throw new GatehouseError(
    {
      code: 'gateway-refused',
      message: problem
        ? `The configuration is not valid: ${place}${problem.message}.`
        : `The gateway refused: ${error.message}`,
      remedy: 'Correct it; `gatehouse gateway config validate FILE` names every problem with line and column.',
    },
    { cause: error },
  );
}

export interface ApplyOptions {
  readonly basedOn: readonly string[];
  /** Who and why, for the history. */
  readonly note: string;
}

export async function applyConfig(source: Source, document: string, options: ApplyOptions): Promise<GatewayChange> {
  return inForce(
    await changeEveryConfig(source, options, {
      what: 'the configuration',
      async check({ client }) {
        const { isValid, problems } = await validateConfig(client, document);
        if (isValid) return;
        const detail = `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`;
        throw new AdminFault(422, { code: 'config-invalid', detail, problems });
      },
      apply: ({ client }) => putConfig(client, document, options),
    }),
  );
}

/** Throws `config-unknown` where no replica keeps it. */
export async function rollBack(source: Source, etag: string, options: ApplyOptions): Promise<GatewayChange> {
  const ids = new Map<string, number>();
  const replicas = source.all();
  const histories = await reached(Promise.all(replicas.map(({ client }) => readHistory(client))));
  for (const [index, history] of histories.entries()) {
    const kept = history.find((entry) => entry.etag === etag);
    const replica = replicas[index];
    if (kept && replica) ids.set(replica.name, kept.id);
  }
  if (ids.size === 0) throw unknownConfig(etag, histories[0] ?? []);
  const idOf = ({ name }: LiveReplica) => ids.get(name) ?? 0;
  return inForce(
    await changeEveryConfig(source, options, {
      what: 'the earlier configuration',
      async check(replica) {
        if (ids.has(replica.name)) return;
        throw new AdminFault(404, {
          code: 'config-unknown',
          detail: 'it does not keep that configuration',
          problems: [],
        });
      },
      apply: (replica) => rollBackConfig(replica.client, idOf(replica), options),
    }),
  );
}

interface ConfigChange {
  readonly what: string;
  check(replica: LiveReplica): Promise<void>;
  apply(replica: LiveReplica): Promise<AdminEntry>;
}

interface ChangedConfig {
  readonly change: GatewayChange;
  readonly etag: string | null;
}

async function changeEveryConfig(
  source: Source,
  { basedOn }: ApplyOptions,
  wanted: ConfigChange,
): Promise<ChangedConfig> {
  const before = new Map<string, AdminConfig>();
  let etag: string | null = null;
  const change: Change<AdminEntry> = {
    what: wanted.what,
    async check(replica) {
      const current = await readConfig(replica.client);
      before.set(replica.name, current);
      if (!basedOn.includes(current.etag)) throw staleFault(current.etag);
      await wanted.check(replica);
    },
    async apply(replica) {
      const entry = await wanted.apply(replica);
      etag = entry.etag;
      return entry;
    },
    async hasTaken({ name, client }) {
      const now = await readConfig(client);
      const isNew = now.id !== before.get(name)?.id;
      // Of somebody else's change in the same moment it has to be told apart.
      if (isNew && etag !== null && now.etag !== etag) return false;
      if (isNew) etag = now.etag;
      return isNew;
    },
    async undo({ name, client }, applied) {
      const to = before.get(name)?.id ?? 0;
      const tag = applied?.etag ?? (await readConfig(client)).etag;
      await rollBackConfig(client, to, { basedOn: [tag], note: 'put back: another replica did not take the change' });
    },
  };
  return { change: await changeReplicas(source.all(), change), etag };
}

function inForce({ change, etag }: ChangedConfig): GatewayChange {
  return change.outcome === 'applied' ? { ...change, etag } : change;
}

function staleFault(etag: string): AdminFault {
  const detail = `another configuration is in force by now, with the ETag ${etag}`;
  return new AdminFault(412, { code: 'config-changed', detail, problems: [] });
}

/** Of the first replica, with how many others keep each. */
export async function viewHistory(source: Source): Promise<ConfigHistory> {
  const histories = await reached(Promise.all(source.live().map(({ client }) => readHistory(client))));
  const [first = []] = histories;
  return first.map(({ id: _, ...entry }, index) => ({
    ...entry,
    isInForce: index === 0,
    keptBy: histories.filter((history) => history.some(({ etag }) => etag === entry.etag)).length,
    replicas: histories.length,
  }));
}

/** Throws `config-unknown`. */
export async function viewKept(source: Source, etag: string): Promise<KeptConfigView> {
  const first = source.firstLive();
  const history = await reached(readHistory(first.client));
  const entry = history.find((one) => one.etag === etag);
  if (!entry) throw unknownConfig(etag, history);
  const { id: _, ...kept } = await reached(readKept(first.client, entry.id));
  return kept;
}

function unknownConfig(etag: string, history: readonly AdminEntry[]): GatehouseError {
  const known = history.map((entry) => entry.etag).join(', ') || 'none';
  return new GatehouseError({
    code: 'config-unknown',
    message: `The gateway keeps no configuration with the ETag ${etag}.`,
    remedy: `The last 20 are kept; there are ${known}.`,
  });
}
