// A container's spec as flat fields in the words of the compose file, the same from a create body and from an inspection:
// what is equal in effect has equal fields, and what the engine would use anyway has none.
import type { EngineDefaults } from '../../docker/stackParts.ts';
import { field, type Pair } from './fieldPairs.ts';
import { toHostFields } from './hostFields.ts';
import { toMountFields } from './mountFields.ts';
import { toNetworkFields } from './networkFields.ts';
import { formatNanoseconds } from './quantities.ts';
import { type Raw, readMap, readNumber, readText, readTexts } from './rawValues.ts';

export type Fields = ReadonlyMap<string, string>;

export interface FieldSource {
  /** Merged with the image's. */
  readonly config: Raw;
  readonly hostConfig: Raw;
  readonly endpoints: readonly FieldEndpoint[];
  readonly defaults: EngineDefaults;
  /** What the engine takes as hostname where none is asked for. */
  readonly shortId: string;
}

export interface FieldEndpoint {
  readonly network: string;
  readonly aliases: readonly string[];
  readonly links: readonly string[];
  readonly ipv4Address: string | null;
  readonly ipv6Address: string | null;
}

export function toFields(source: FieldSource): Fields {
  return new Map([
    ...toConfigFields(source.config, source.shortId),
    ...toHostFields(source.hostConfig, source.defaults),
    ...toMountFields(source.config, source.hostConfig),
    ...toNetworkFields(source),
  ]);
}

function toConfigFields(config: Raw, shortId: string): Pair[] {
  return [
    ...field('command', toCommand(config.Cmd)),
    ...field('entrypoint', toCommand(config.Entrypoint)),
    ...field('user', readText(config.User)),
    ...field('working_dir', readText(config.WorkingDir)),
    ...field('hostname', readText(config.Hostname), [shortId]),
    ...field('domainname', readText(config.Domainname)),
    ...field('tty', String(config.Tty === true), ['false']),
    ...field('stdin_open', String(config.OpenStdin === true), ['false']),
    ...field('stop_signal', readText(config.StopSignal), ['SIGTERM', '15', 'TERM']),
    ...field('stop_grace_period', `${config.StopTimeout ?? 10}s`, ['10s']),
    ...field('mac_address', readText(config.MacAddress)),
    ...readTexts(config.Env).flatMap(toEnvField),
    ...Object.entries(readMap(config.Labels)).flatMap(([name, value]) => toLabelField(name, readText(value))),
    ...Object.keys(readMap(config.ExposedPorts)).flatMap(toExposeFields),
    ...toHealthFields(readMap(config.Healthcheck)),
  ];
}

function toCommand(value: unknown): string {
  const words = readTexts(value);
  return words.length === 0 ? '' : JSON.stringify(words);
}

/** A variable that is set to nothing is not one that is not set. */
function toEnvField(text: string): Pair[] {
  const at = text.indexOf('=');
  return at === -1 ? [] : [[`environment.${text.slice(0, at)}`, text.slice(at + 1)]];
}

/** Compose, Docker Desktop and we write labels of our own; what they say is not part of the spec. */
function toLabelField(name: string, value: string): Pair[] {
  return /^(com\.docker\.compose|desktop\.docker\.io)[./]|^gatehouse\.(mode$|configs$|stand-in$|sandbox\.)/.test(name)
    ? []
    : [[`labels.${name}`, value]];
}

/** Compose 2.26 writes `99` and `100-101`, where the engine means `99/tcp`. */
function toExposeFields(name: string): Pair[] {
  const [range = '', protocol = 'tcp'] = name.split('/');
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, index): Pair => [`expose.${first + index}/${protocol}`, 'exposed'],
  );
}

function toHealthFields(check: Raw): Pair[] {
  const test = readTexts(check.Test);
  if (test[0] === 'NONE') return [['healthcheck.test', 'none']];
  if (test.length === 0) return [];
  const duration = (name: string, value: unknown, standard: string) =>
    field(`healthcheck.${name}`, readNumber(value) > 0 ? formatNanoseconds(readNumber(value)) : '', [standard]);
  return [
    ['healthcheck.test', JSON.stringify(test)],
    // The engine's own defaults (moby daemon/health.go): 30 s, 30 s, 0 s, 5 s, 3.
    ...duration('interval', check.Interval, '30s'),
    ...duration('timeout', check.Timeout, '30s'),
    ...duration('start_period', check.StartPeriod, '0s'),
    ...duration('start_interval', check.StartInterval, '5s'),
    ...field('healthcheck.retries', String(readNumber(check.Retries) || 3), ['3']),
  ];
}
