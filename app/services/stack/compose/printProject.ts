// A project as text that compose files are made of: reading it again gives the same project.
import { Document, visit } from 'yaml';
import type { Project } from './project.ts';
import { resolvePlain } from './scalar.ts';

/** For JSON as `docker compose config --format json` prints it: a dollar sign would be a variable, so it is doubled. */
export function withDoubledDollars<T>(value: T): T {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$') as T;
  if (Array.isArray(value)) return value.map(withDoubledDollars) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withDoubledDollars(item)] as const);
  return Object.fromEntries(entries) as T;
}

/** As `docker compose config`. No character in it can steer a terminal. */
export function printYaml(project: Project): string {
  const document = new Document(withDoubledDollars(withoutNullCommands(project)));
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeInvisible(document.toString({ lineWidth: 0 }));
}

/** Controls, marks that turn the direction of text, separators of lines: everything that is not seen, but a line's end. */
const invisible = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

/** What a reader of YAML, of any version, would take for a number, a flag, a time, a merge or nothing. */
function needsQuotes(text: string): boolean {
  const { value } = resolvePlain(text, { file: '', line: 1, column: 1 });
  return (
    value !== text ||
    text === '<<' ||
    /^(y|n|yes|no|on|off|\d+(:[0-5]?\d)+)$/i.test(text) ||
    text.search(invisible) !== -1
  );
}

/** Only double-quoted texts have any, where this is an escape. */
function escapeInvisible(text: string): string {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `command: null` says what its absence says. */
function withoutNullCommands(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    const isSaid = ([key, value]: [string, unknown]) => value !== null || (key !== 'command' && key !== 'entrypoint');
    return [name, Object.fromEntries(Object.entries(service).filter(isSaid))] as const;
  });
  return { ...project, services: Object.fromEntries(services) } as Project;
}
