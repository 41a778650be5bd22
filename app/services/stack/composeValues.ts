// The values of a compose service that have a short and a long form, each made one form.
import type {
  ComposeHealthCheck,
  ComposePort,
  ComposeService,
  ComposeVolume,
  DependencyCondition,
} from './composeProject.ts';

/** Where a value stands: `fail` stops with the place in the file, `note` goes on without the value. */
export interface Spot {
  fail(message: string): never;
  note(message: string): void;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** A list of scalars, or one string that is split as a shell would (quotes only). null when absent. */
export function toTexts(value: unknown, spot: Spot): string[] | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return splitCommand(value);
  if (isScalar(value)) return [String(value)];
  if (Array.isArray(value) && value.every(isScalar)) return value.map(String);
  return spot.fail('must be a string or a list of strings');
}

function splitCommand(command: string): string[] {
  const words = command.match(/"(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => (/^(["']).*\1$/.test(word) ? word.slice(1, -1).replaceAll('\\"', '"') : word));
}

/** `{A: 1}` or `["A=1"]`. A name without a value is left out, and said. */
export function toMap(value: unknown, spot: Spot): Record<string, string> {
  if (value === undefined || value === null) return {};
  const pairs: [string, unknown][] = Array.isArray(value)
    ? value.map((item) => {
        const [name = '', ...rest] = String(item).split('=');
        return [name, rest.length > 0 ? rest.join('=') : null];
      })
    : isMap(value)
      ? Object.entries(value)
      : spot.fail('must be a mapping or a list');
  const map: Record<string, string> = Object.create(null);
  for (const [name, item] of pairs) {
    if (isScalar(item)) map[name] = String(item);
    else if (item === null) spot.note(`${name} has no value; it is not taken from the host`);
    else spot.fail(`${name} must be a string, a number or a boolean`);
  }
  return { ...map };
}

/** Absent means the network `default`, as compose has it. */
export function parseNetworks(value: unknown, spot: Spot): ComposeService['networks'] {
  if (value === undefined || value === null) return [{ name: 'default', aliases: [] }];
  if (Array.isArray(value)) return value.map((name) => ({ name: String(name), aliases: [] }));
  if (!isMap(value)) return spot.fail('must be a list or a mapping');
  return Object.entries(value).map(([name, options]) => ({
    name,
    aliases: isMap(options) ? (toTexts(options.aliases, spot) ?? []) : [],
  }));
}

const conditions: Record<string, DependencyCondition> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

export function parseDependsOn(value: unknown, spot: Spot): ComposeService['dependsOn'] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((name) => ({ service: String(name), condition: 'started' }));
  if (!isMap(value)) return spot.fail('must be a list or a mapping');
  return Object.entries(value).map(([service, options]) => {
    const written = isMap(options) ? String(options.condition ?? 'service_started') : 'service_started';
    const condition = conditions[written];
    return { service, condition: condition ?? spot.fail(`condition "${written}" of ${service} is not known`) };
  });
}

/** The label that compose writes: `db:service_healthy:false,cache:service_started:false`. Untrusted text. */
export function parseDependsOnLabel(label: string): ComposeService['dependsOn'] {
  return label
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [service = '', written = ''] = part.split(':');
      return { service, condition: conditions[written] ?? 'started' };
    });
}

/** As compose writes the label. */
export function toDependsOnLabel(dependsOn: ComposeService['dependsOn']): string {
  const written: Record<DependencyCondition, string> = {
    started: 'service_started',
    healthy: 'service_healthy',
    completed: 'service_completed_successfully',
  };
  return dependsOn.map(({ service, condition }) => `${service}:${written[condition]}:false`).join(',');
}

export function parseHealthCheck(value: unknown, spot: Spot): ComposeHealthCheck | null {
  if (value === undefined || value === null) return null;
  if (!isMap(value)) return spot.fail('must be a mapping');
  const off = { test: ['NONE'], intervalMs: null, timeoutMs: null, startPeriodMs: null, retries: null };
  if (value.disable === true) return off;
  const test = typeof value.test === 'string' ? ['CMD-SHELL', value.test] : (toTexts(value.test, spot) ?? []);
  const duration = (key: string): number | null => {
    const written = value[key];
    if (written === undefined) return null;
    return parseDurationMs(String(written)) ?? spot.fail(`${key} "${written}" is no duration such as 5s or 1m30s`);
  };
  return {
    test,
    intervalMs: duration('interval'),
    timeoutMs: duration('timeout'),
    startPeriodMs: duration('start_period'),
    retries: value.retries === undefined ? null : Number(value.retries),
  };
}

const unitsMs: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1m30s`, `500ms`; undefined for what is none. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(us|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)) {
    total += Number(amount) * (unitsMs[unit ?? ''] ?? 0);
  }
  return total;
}

/** `"8080"`, `"8080:80"`, `"127.0.0.1:8080:80/udp"`, or the long form. Ranges are noted, not read. */
export function parsePorts(value: unknown, spot: Spot): ComposePort[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return spot.fail('must be a list');
  return value.flatMap((item): ComposePort[] => {
    if (isMap(item)) return [parseLongPort(item, spot)];
    const match = /^(?:(?:(.+):)?(\d{0,5}):)?(\d{1,5})(?:\/(tcp|udp))?$/.exec(String(item));
    if (!match) {
      spot.note(`port "${item}" is not understood (ranges are not read in this version)`);
      return [];
    }
    return [
      {
        containerPort: Number(match[3]),
        protocol: match[4] === 'udp' ? 'udp' : 'tcp',
        hostIp: match[1] ?? null,
        hostPort: match[2] ? Number(match[2]) : null,
      },
    ];
  });
}

function parseLongPort(item: Record<string, unknown>, spot: Spot): ComposePort {
  const containerPort = Number(item.target);
  if (!(containerPort > 0 && containerPort < 65_536)) return spot.fail(`target "${item.target}" is no port`);
  return {
    containerPort,
    protocol: item.protocol === 'udp' ? 'udp' : 'tcp',
    hostIp: typeof item.host_ip === 'string' ? item.host_ip : null,
    hostPort: item.published === undefined ? null : Number(item.published) || null,
  };
}

/** `./a:/b:ro`, `name:/b`, `/b`, or the long form. */
export function parseVolumes(value: unknown, spot: Spot): ComposeVolume[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return spot.fail('must be a list');
  return value.map((item) => {
    if (isMap(item)) {
      return {
        source: typeof item.source === 'string' ? item.source : null,
        target: String(item.target ?? ''),
        readOnly: item.read_only === true,
      };
    }
    const parts = String(item).split(':');
    if (parts.length === 1) return { source: null, target: parts[0] ?? '', readOnly: false };
    return { source: parts[0] ?? null, target: parts[1] ?? '', readOnly: (parts[2] ?? '').split(',').includes('ro') };
  });
}
