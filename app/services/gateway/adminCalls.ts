// What the operator's side asks of one gateway process: its configuration, breakers, drains and limits. A refusal is an
// AdminFault in the gateway's words.
import { z } from 'zod';
import {
  type ConfigProblem,
  configDiffSchema,
  configEntrySchema,
  configProblemSchema,
  configVerdictSchema,
  gatewayConfigSchema,
  gatewayLimitsSchema,
  type ReplayRequest,
  replayedSchema,
  upstreamSchema,
} from '../../contract/index.ts';
import type { AdminCall, AdminClient } from './adminClient.ts';

/** The gateway answered, and it was a no. */
export class AdminFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly ConfigProblem[];
  constructor(status: number, { code, detail, problems }: z.infer<typeof faultSchema>) {
    super(detail);
    this.name = 'AdminFault';
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

const faultSchema = z.object({
  code: z.string().default('unknown'),
  detail: z.string().default('the gateway gave no reason'),
  problems: z.array(configProblemSchema).default([]),
});
const entrySchema = configEntrySchema.extend({ id: z.number() });
export type AdminEntry = z.infer<typeof entrySchema>;
const { text, file, lastRefusal } = gatewayConfigSchema.shape;
const configSchema = entrySchema.extend({ text, file, lastRefusal });
export type AdminConfig = z.infer<typeof configSchema>;
const keptSchema = entrySchema.extend({ text, diff: configDiffSchema });
const limitsSchema = gatewayLimitsSchema.omit({ replicas: true });
const done = z.unknown();

/** Building a configuration compiles its schemas and may read keys. */
const slowMs = 10_000;
/** The gateway itself gives up after 30 s. */
const replayMs = 35_000;
const yaml = 'application/yaml';

async function ask<T>(client: AdminClient, schema: z.ZodType<T>, call: AdminCall): Promise<T> {
  const { status, text: answer } = await client.send(call);
  if (status === 200) return schema.parse(JSON.parse(answer));
  throw new AdminFault(status, toFault(answer));
}

function toFault(answer: string): z.infer<typeof faultSchema> {
  try {
    return faultSchema.parse(JSON.parse(answer));
  } catch {
    return faultSchema.parse({});
  }
}

const inQuery = (values: Record<string, string | number | undefined>): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
};

export const readConfig = (client: AdminClient) => ask(client, configSchema, { path: '/v1/config' });

export const readConfigFile = (client: AdminClient) =>
  ask(client, z.object({ path: z.string(), text: z.string().nullable() }), { path: '/v1/config/file' });

export const readConfigSchema = (client: AdminClient) =>
  ask(client, z.record(z.string(), z.unknown()), { path: '/v1/schema' });

export const validateConfig = (client: AdminClient, document: string) =>
  ask(client, configVerdictSchema, {
    method: 'POST',
    path: '/v1/config/validate',
    body: { type: yaml, text: document },
    timeoutMs: slowMs,
  });

export const diffConfig = (client: AdminClient, document: string) =>
  ask(client, configDiffSchema, {
    method: 'POST',
    path: '/v1/config/diff',
    body: { type: yaml, text: document },
    timeoutMs: slowMs,
  });

export interface ConfigWrite {
  /** ETags, one of which has to be in force. */
  readonly basedOn: readonly string[];
  readonly note: string;
}

export const putConfig = (client: AdminClient, document: string, { basedOn, note }: ConfigWrite) =>
  ask(client, entrySchema, {
    method: 'PUT',
    path: `/v1/config${inQuery({ note })}`,
    ifMatch: basedOn.join(', '),
    body: { type: yaml, text: document },
    timeoutMs: slowMs,
  });

export const rollBackConfig = (client: AdminClient, to: number, { basedOn, note }: ConfigWrite) =>
  ask(client, entrySchema, {
    method: 'POST',
    path: `/v1/config/rollback${inQuery({ to, note })}`,
    ifMatch: basedOn.join(', '),
    timeoutMs: slowMs,
  });

export const readHistory = (client: AdminClient) => ask(client, z.array(entrySchema), { path: '/v1/config/history' });

export const readKept = (client: AdminClient, id: number) =>
  ask(client, keptSchema, { path: `/v1/config/history/${id}` });

export const readUpstreams = (client: AdminClient) => ask(client, z.array(upstreamSchema), { path: '/v1/upstreams' });

export const readLimits = (client: AdminClient) => ask(client, limitsSchema, { path: '/v1/limits?top=20' });

export interface BreakerName {
  readonly upstream: string;
  readonly replica?: string | undefined;
}

const breakerPath = ({ upstream }: BreakerName) => `/v1/upstreams/${encodeURIComponent(upstream)}/breaker`;

export interface Hold {
  readonly state: 'open' | 'closed';
  readonly forMs: number;
  readonly reason: string;
}

export const holdBreaker = (client: AdminClient, name: BreakerName, { state, forMs, reason }: Hold) =>
  ask(client, done, {
    method: 'PUT',
    path: `${breakerPath(name)}${inQuery({ state, forMs, replica: name.replica, reason })}`,
  });

export const releaseBreaker = (client: AdminClient, name: BreakerName) =>
  ask(client, done, { method: 'DELETE', path: `${breakerPath(name)}${inQuery({ replica: name.replica })}` });

export const resetBreaker = (client: AdminClient, name: BreakerName, reason: string) =>
  ask(client, done, {
    method: 'POST',
    path: `${breakerPath(name)}/reset${inQuery({ replica: name.replica, reason })}`,
  });

export interface ReplicaName {
  readonly upstream: string;
  readonly replica: string;
}

const drainPath = ({ upstream, replica }: ReplicaName) =>
  `/v1/upstreams/${encodeURIComponent(upstream)}/replicas/${encodeURIComponent(replica)}/drain`;

export const drainReplica = (client: AdminClient, name: ReplicaName, { forMs, reason }: Omit<Hold, 'state'>) =>
  ask(client, done, { method: 'PUT', path: `${drainPath(name)}${inQuery({ forMs, reason })}` });

export const takeReplicaBack = (client: AdminClient, name: ReplicaName) =>
  ask(client, done, { method: 'DELETE', path: drainPath(name) });

export const resetLimit = (client: AdminClient, policy: string, key: string) =>
  ask(client, done, {
    method: 'DELETE',
    path: `/v1/limits/${encodeURIComponent(policy)}/keys/${encodeURIComponent(key)}`,
  });

export const sendReplay = (client: AdminClient, replay: ReplayRequest) =>
  ask(client, replayedSchema.omit({ leftOut: true }), {
    method: 'POST',
    path: '/v1/replays',
    body: { type: 'application/json', text: JSON.stringify(replay) },
    timeoutMs: replayMs,
  });
