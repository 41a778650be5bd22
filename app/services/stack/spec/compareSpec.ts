// What differs between a container that is there and the one that the files ask for, field by field.
import type { FieldChange } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { EngineDefaults, StackImage } from '../../docker/stackParts.ts';
import { maskText, maskVariable } from '../maskSecrets.ts';
import type { ContainerSpec } from './containerSpec.ts';
import { type Fields, toFields } from './fields.ts';
import { type Raw, readMap, readText, readTexts } from './rawValues.ts';

export interface Comparison {
  readonly container: StackContainer;
  readonly spec: ContainerSpec;
  /** Of spec.image; null: not on the engine. */
  readonly image: StackImage | null;
  readonly defaults: EngineDefaults;
}

/** Sorted by field. Empty: nothing has to be done. */
export function compareSpec({ container, spec, image, defaults }: Comparison): FieldChange[] {
  const ownNames = [spec.name, spec.service, container.name, container.id.slice(0, 12), hostnameOf(container)];
  const actual = toFields({
    config: container.inspected.config,
    hostConfig: container.inspected.hostConfig,
    endpoints: Object.entries(container.inspected.networks).map(([network, endpoint]) => ({ network, ...endpoint })),
    defaults,
    shortId: container.id.slice(0, 12),
  });
  const wanted = toFields({
    config: withImage(spec.config, image?.config ?? {}),
    hostConfig: spec.hostConfig,
    endpoints: spec.endpoints.map(({ network, settings }) => ({
      network,
      aliases: readTexts(settings.Aliases),
      links: readTexts(settings.Links),
      ipv4Address: readText(readMap(settings.IPAMConfig).IPv4Address) || null,
      ipv6Address: readText(readMap(settings.IPAMConfig).IPv6Address) || null,
    })),
    defaults,
    shortId: '',
  });
  return [
    ...compareValue('container_name', container.name, spec.name),
    ...compareValue(
      'image',
      toImageText(readText(container.inspected.config.Image), container.imageId),
      toWanted(spec, image),
    ),
    ...compareFields(actual, wanted, { container, image, ownNames }),
  ].sort((a, b) => (a.field < b.field ? -1 : 1));
}

const hostnameOf = ({ inspected }: StackContainer) => readText(inspected.config.Hostname);

function compareValue(field: string, from: string, to: string): FieldChange[] {
  return from === to ? [] : [{ field, from, to, masked: false }];
}

const toImageText = (reference: string, id: string) => `${reference} (${id.replace(/^sha256:/, '').slice(0, 12)})`;

const toWanted = ({ image: reference }: ContainerSpec, image: StackImage | null) =>
  image ? toImageText(reference, image.id) : `${reference} (not on the engine yet)`;

interface Known {
  readonly container: StackContainer;
  readonly image: StackImage | null;
  readonly ownNames: readonly string[];
}

function compareFields(actual: Fields, wanted: Fields, known: Known): FieldChange[] {
  const names = [...new Set([...actual.keys(), ...wanted.keys()])];
  return names.flatMap((name) => {
    const from = toComparable(name, actual.get(name), known);
    const to = toComparable(name, wanted.get(name), known);
    if (from === to || (to === undefined && isLeftToEngine(name, known))) return [];
    return [toChange(name, from ?? null, to ?? null)];
  });
}

/** Short id and hostname become aliases by the engine's doing; their order among the others means nothing. */
function toComparable(name: string, value: string | undefined, { ownNames }: Known): string | undefined {
  if (!/^networks\..*\.aliases$/.test(name) || value === undefined) return value;
  return (
    value
      .split(', ')
      .filter((alias) => !ownNames.includes(alias))
      .join(', ') || undefined
  );
}

/** Fields that the engine, a stand-in or a newer version fills where the spec says nothing. */
function isLeftToEngine(name: string, { container, image }: Known): boolean {
  if (name === 'mac_address') return true;
  // The daemon adds its own options to those of its default driver; they cannot be told from ours.
  if (name.startsWith('logging.options.')) return true;
  const mode = readText(container.inspected.hostConfig.NetworkMode);
  if (name === 'hostname') return mode === 'host' || mode.startsWith('container:');
  // What the image says cannot be known before it is there.
  return image === null;
}

function toChange(field: string, from: string | null, to: string | null): FieldChange {
  const variable = /^environment\.(.*)$/s.exec(field)?.[1] ?? /^labels\.(.*)$/s.exec(field)?.[1];
  const mask = (value: string | null) => {
    if (value === null) return { value, masked: false };
    if (variable !== undefined) return maskVariable(variable, value);
    const text = maskText(value);
    return { value: text, masked: text !== value };
  };
  const [before, after] = [mask(from), mask(to)];
  return { field, from: before.value, to: after.value, masked: before.masked || after.masked };
}

/** As the engine merges them when it creates a container (moby daemon/commit.go, merge). */
function withImage(config: Raw, image: Raw): Raw {
  const given = new Set(readTexts(config.Env).map((text) => text.split('=')[0]));
  const hasEntrypoint = readTexts(config.Entrypoint).length > 0;
  const command = readTexts(config.Cmd).length > 0 || hasEntrypoint ? config.Cmd : image.Cmd;
  return {
    ...config,
    User: readText(config.User) || image.User,
    WorkingDir: readText(config.WorkingDir) || image.WorkingDir,
    StopSignal: readText(config.StopSignal) || image.StopSignal,
    Cmd: command,
    Entrypoint: config.Entrypoint === undefined ? image.Entrypoint : config.Entrypoint,
    Env: [...readTexts(image.Env).filter((text) => !given.has(text.split('=')[0] ?? '')), ...readTexts(config.Env)],
    Labels: { ...readMap(image.Labels), ...readMap(config.Labels) },
    ExposedPorts: { ...readMap(image.ExposedPorts), ...readMap(config.ExposedPorts) },
    Volumes: readMap(image.Volumes),
    Healthcheck: withImageCheck(readMap(config.Healthcheck), readMap(image.Healthcheck)),
  };
}

function withImageCheck(check: Raw, image: Raw): Raw {
  const given = Object.entries(check).filter(([, value]) => value !== 0 && value !== undefined);
  return { ...image, ...Object.fromEntries(given) };
}
