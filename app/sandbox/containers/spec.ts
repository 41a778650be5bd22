// What a client asks for in POST /containers/create: checked, with Go's nulls taken for absent.
import { z } from 'zod';
import { EngineError } from '../http/engineError.ts';
import { parseRestartPolicy, type RestartPolicy } from './restartPolicy.ts';

const texts = z.array(z.string().max(32_768)).max(1_000);
const orNone = texts.nullish().transform((value) => value ?? []);
const labels = z.record(z.string(), z.string()).nullish();
const nanoseconds = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => (value ?? 0) / 1_000_000);

/** Docker takes a command as a list or as one text for the shell. */
const command = z.union([z.string().transform((text) => [text]), texts]).nullish();

const healthcheck = z.looseObject({
  Test: orNone,
  Interval: nanoseconds,
  Timeout: nanoseconds,
  StartPeriod: nanoseconds,
  StartInterval: nanoseconds,
  Retries: z
    .number()
    .int()
    .nonnegative()
    .nullish()
    .transform((value) => value ?? 0),
});

const endpoint = z
  .looseObject({ Aliases: orNone })
  .nullish()
  .transform((value) => ({ aliases: value?.Aliases ?? [] }));

export const restartPolicy = z
  .looseObject({ Name: z.string().nullish(), MaximumRetryCount: z.number().int().nullish() })
  .nullish();

const portBinding = z.looseObject({ HostIp: z.string().nullish(), HostPort: z.string().nullish() });

const createBody = z.looseObject({
  Image: z.string().min(1).max(512),
  Cmd: command.transform((value) => value ?? []),
  Entrypoint: command.transform((value) => value ?? []),
  Env: orNone,
  Labels: labels.transform((value) => value ?? {}),
  ExposedPorts: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => Object.keys(value ?? {})),
  Healthcheck: healthcheck.nullish(),
  StopSignal: z.string().max(20).nullish(),
  StopTimeout: z.number().int().nonnegative().nullish(),
  Tty: z.boolean().nullish(),
  OpenStdin: z.boolean().nullish(),
  Volumes: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => Object.keys(value ?? {})),
  HostConfig: z
    .looseObject({
      Binds: orNone,
      Mounts: z
        .array(
          z.looseObject({
            Type: z.string().nullish(),
            Source: z.string().nullish(),
            Target: z.string().nullish(),
            ReadOnly: z.boolean().nullish(),
          }),
        )
        .nullish(),
      PortBindings: z.record(z.string(), z.array(portBinding).nullish()).nullish(),
      NetworkMode: z.string().nullish(),
      AutoRemove: z.boolean().nullish(),
      RestartPolicy: restartPolicy,
    })
    .nullish(),
  NetworkingConfig: z.looseObject({ EndpointsConfig: z.record(z.string(), endpoint).nullish() }).nullish(),
});

export interface Mount {
  type: 'bind' | 'volume';
  /** Of a volume its name; empty for one without. */
  source: string;
  target: string;
  readOnly: boolean;
}

export interface HealthcheckSpec {
  test: string[];
  intervalMs: number;
  timeoutMs: number;
  startPeriodMs: number;
  /** 0: not given. */
  startIntervalMs: number;
  retries: number;
}

export interface ContainerSpec {
  image: string;
  command: string[];
  env: string[];
  labels: Record<string, string>;
  /** Container ports that the client exposes or publishes, `8000/tcp`. */
  exposed: string[];
  bindings: Record<string, { hostIp: string; hostPort: string }[]>;
  healthcheck: HealthcheckSpec | null;
  stopSignal: string;
  stopTimeoutSeconds: number;
  tty: boolean;
  openStdin: boolean;
  autoRemove: boolean;
  restartPolicy: RestartPolicy;
  mounts: Mount[];
  networkMode: string;
  /** Networks by name or id, each with the aliases wanted there. */
  endpoints: Record<string, { aliases: string[] }>;
  /** What was given, for inspect. */
  given: { config: Record<string, unknown>; hostConfig: Record<string, unknown> };
  warnings: string[];
}

/** Throws EngineError 400 that names the field. */
export function parseSpec(body: unknown): ContainerSpec {
  const parsed = createBody.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EngineError(
      400,
      `invalid container configuration: ${issue?.path.join('.') || 'body'}: ${issue?.message}`,
    );
  }
  const { HostConfig: hostConfig, NetworkingConfig: networking, Healthcheck: health, ...config } = parsed.data;
  const bindings = Object.fromEntries(
    Object.entries(hostConfig?.PortBindings ?? {}).map(([port, list]) => [
      port,
      (list ?? []).map((one) => ({ hostIp: one.HostIp ?? '', hostPort: one.HostPort ?? '' })),
    ]),
  );
  const policy = parseRestartPolicy(hostConfig?.RestartPolicy);
  if (hostConfig?.AutoRemove === true && policy.name !== 'no') {
    throw new EngineError(400, "can't create 'AutoRemove' container with restart policy");
  }
  const raw = body as Record<string, unknown>;
  const { HostConfig: rawHost, NetworkingConfig: _, ...rawConfig } = raw;
  return {
    image: config.Image,
    command: config.Cmd,
    env: config.Env,
    labels: config.Labels,
    exposed: [...new Set([...config.ExposedPorts, ...Object.keys(bindings)])],
    bindings,
    healthcheck: health === undefined || health === null || health.Test.length === 0 ? null : toHealthcheck(health),
    stopSignal: config.StopSignal ?? 'SIGTERM',
    stopTimeoutSeconds: config.StopTimeout ?? 10,
    tty: config.Tty ?? false,
    openStdin: config.OpenStdin ?? false,
    autoRemove: hostConfig?.AutoRemove ?? false,
    restartPolicy: policy,
    mounts: toMounts(hostConfig?.Binds ?? [], hostConfig?.Mounts ?? [], config.Volumes),
    networkMode: hostConfig?.NetworkMode ?? 'default',
    endpoints: networking?.EndpointsConfig ?? {},
    given: { config: rawConfig, hostConfig: (rawHost ?? {}) as Record<string, unknown> },
    warnings: config.Entrypoint.length > 0 ? ['the sandbox runs its own programs: Entrypoint is not used'] : [],
  };
}

function toHealthcheck(health: z.infer<typeof healthcheck>): HealthcheckSpec | null {
  if (health.Test[0] === 'NONE') return null;
  return {
    test: health.Test,
    intervalMs: health.Interval,
    timeoutMs: health.Timeout,
    startPeriodMs: health.StartPeriod,
    startIntervalMs: health.StartInterval,
    retries: health.Retries,
  };
}

/**
 * `source:target[:options]`; a source that is not a path is the name of a volume. Throws EngineError 400 for a relative
 * path, as Docker does: what it is relative to is the client's folder, which the engine does not know.
 */
export function parseBind(text: string): Mount {
  const [source = '', target = '', options = ''] = text.split(':');
  if (/^[.~]/.test(source))
    throw new EngineError(400, `bind ${JSON.stringify(text)}: the source must be an absolute path`);
  const type = source.startsWith('/') ? 'bind' : 'volume';
  return { type, source, target, readOnly: options.split(',').includes('ro') };
}

type GivenMount = { Type?: unknown; Source?: unknown; Target?: unknown; ReadOnly?: unknown };

/** `volumes` are targets alone, as an image's VOLUME has them; one that is mounted anyway needs no second. */
function toMounts(binds: readonly string[], mounts: readonly GivenMount[], volumes: readonly string[]): Mount[] {
  const named = [...binds.map(parseBind), ...mounts.map(toMount)];
  const bare = volumes.filter((target) => named.every((mount) => mount.target !== target));
  return [...named, ...bare.map((target): Mount => ({ type: 'volume', source: '', target, readOnly: false }))];
}

function toMount(mount: GivenMount): Mount {
  return {
    type: mount.Type === 'bind' ? 'bind' : 'volume',
    source: String(mount.Source ?? ''),
    target: String(mount.Target ?? ''),
    readOnly: mount.ReadOnly === true,
  };
}
