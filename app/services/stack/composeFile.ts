// Reads a compose file: YAML with a place for every complaint, variables replaced, then `toComposeProject`. It never writes.
import { LineCounter, parseDocument } from 'yaml';
import { GatehouseError } from '../../contract/index.ts';
import { type ComposeProject, type Note, toComposeProject } from './composeProject.ts';
import { interpolate } from './interpolate.ts';

export interface ComposeSource {
  /** As shown in messages and written into labels. */
  file: string;
  text: string;
  /** Used when the file has no `name`. */
  folderName: string;
  variables: Readonly<Record<string, string | undefined>>;
}

const sizeLimit = 1024 * 1024;
/** Stops the "billion laughs" of nested aliases. */
const aliasLimit = 200;

/** Throws `compose-invalid` with file:line:column for what is no YAML or no compose file. */
export function parseComposeFile(source: ComposeSource): ComposeProject {
  if (source.text.length > sizeLimit) {
    throw invalid(`${source.file} has ${source.text.length} characters, more than ${sizeLimit}.`, 'Check the file.');
  }
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, merge: true, prettyErrors: false });
  const error = document.errors[0];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw invalid(`${source.file}:${line}:${col}: ${error.message.split('\n')[0]}`, 'Correct the YAML at this place.');
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: aliasLimit });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'not readable';
    throw invalid(`${source.file}:1:1: ${reason}`, 'Use fewer or simpler anchors and aliases.');
  }
  const notes: Note[] = [];
  const replaced = interpolateAll(content, source, '', notes);
  return toComposeProject(replaced, { ...source, notes, placeOf: (path) => placeOf(path) });

  function placeOf(path: readonly string[]): string {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return `${source.file}:${line}:${col}`;
      }
    }
    return `${source.file}:1:1`;
  }
}

/** Variables stand in values only; keys are taken as written. */
function interpolateAll(value: unknown, source: ComposeSource, path: string, notes: Note[]): unknown {
  if (typeof value === 'string') {
    const { text, missing } = interpolate(value, source.variables);
    for (const name of missing) {
      notes.push({ path, message: `variable ${name} is not set and has no default; it is empty here` });
    }
    return text;
  }
  if (Array.isArray(value)) return value.map((item, index) => interpolateAll(item, source, `${path}[${index}]`, notes));
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      interpolateAll(item, source, path ? `${path}.${key}` : key, notes),
    ]);
    return Object.fromEntries(entries);
  }
  return value;
}

export function invalid(message: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'compose-invalid', message, remedy });
}
