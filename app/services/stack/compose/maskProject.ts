// A project without its secrets: what may be shown where the files themselves are not. Pure.
import { isSecretName, mask, maskText, maskVariable } from '../maskSecrets.ts';
import type { Project } from './project.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Masked are values under secret names, passwords in addresses and behind flags, what secrets hold in the files, and every
 * value of a secret variable wherever else a program is told it. Names, images and paths stay: they are no secrets, and a
 * password that equals one would hide half of the files.
 */
export function maskProject(project: Project, variables: Variables = {}): Project {
  const hide = createHider(findSecretValues(project, variables));
  const services = Object.entries(project.services).map(
    ([name, service]) => [name, maskService(service, hide)] as const,
  );
  return {
    ...(maskExtensions(project, hide) as Project),
    services: Object.fromEntries(services) as Project['services'],
    ...withContents(project, 'secrets', () => mask),
    ...withContents(project, 'configs', hide),
  };
}

type Hide = (text: string) => string;

/** The parts of a service that its programs are told; all else names things. */
const toldKeys = [
  'environment',
  'command',
  'entrypoint',
  'healthcheck',
  'labels',
  'annotations',
  'build',
  'post_start',
];

function maskService(service: object, hide: Hide): object {
  return Object.fromEntries(
    Object.entries(service).map(([key, value]) => {
      const isTold = toldKeys.includes(key) || key.startsWith('x-') || key === 'pre_stop';
      return [key, maskValue(key, value, isTold ? hide : maskText)];
    }),
  );
}

function maskExtensions(project: Project, hide: Hide): object {
  return Object.fromEntries(
    Object.entries(project).map(([key, value]) => [key, key.startsWith('x-') ? maskValue(key, value, hide) : value]),
  );
}

function withContents(project: Project, kind: 'secrets' | 'configs', hide: Hide): Partial<Project> {
  const objects = project[kind];
  if (!objects) return {};
  const masked = Object.entries(objects).map(([name, object]) => {
    const { content } = object as { content?: unknown };
    return [name, typeof content === 'string' ? { ...object, content: hide(content) } : object] as const;
  });
  return { [kind]: Object.fromEntries(masked) };
}

function maskValue(key: string, value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') {
    const { value: shown, masked } = maskVariable(key, value);
    return masked ? shown : hide(value);
  }
  if (Array.isArray(value)) return value.map((item, index) => maskItem(value[index - 1], item, { key, hide }));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskValue(name, item, hide)]));
}

/** `["--password", "x"]`: a flag and its value are two words of a command. */
function maskItem(before: unknown, item: unknown, { key, hide }: { key: string; hide: Hide }): unknown {
  const isOfFlag = typeof before === 'string' && /^--?[\w-]+$/.test(before) && isSecretName(before);
  if (typeof item !== 'string') return maskValue(key, item, hide);
  return isOfFlag && !item.startsWith('-') && item !== '' ? mask : hide(item);
}

/** Shorter ones are words that stand everywhere. */
const leastLength = 6;

function findSecretValues({ services }: Project, variables: Variables): string[] {
  const told = Object.values(services).flatMap(({ environment, build }) => [
    ...Object.entries(environment ?? {}),
    ...Object.entries(build?.args ?? {}),
  ]);
  const values = [...told, ...Object.entries(variables)].flatMap(([name, value]) =>
    value && value.length >= leastLength && isSecretName(name) ? [value] : [],
  );
  // The longest first: one may hold another.
  return [...new Set(values)].sort((a, b) => b.length - a.length);
}

function createHider(secrets: readonly string[]): Hide {
  return (text) => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, mask), maskText(text));
}
