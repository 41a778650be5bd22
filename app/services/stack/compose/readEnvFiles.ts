// Pass: `env_file` and `label_file` are read into `environment` and `labels`, under what stands there already.
import { type Environment, lookupIn, parseEnvFile } from './environment.ts';
import type { Lookup } from './interpolate.ts';
import {
  find,
  findMap,
  findText,
  isMap,
  isText,
  itemsOf,
  type MapNode,
  type Node,
  toMap,
  toScalar,
  toText,
  withEntry,
} from './node.ts';
import { problemAt } from './problem.ts';
import { type LoadSession, readSource, toShownPath } from './session.ts';
import { parseFlag } from './values.ts';

/** Throws `compose-invalid` when one is not there, unless it is `required: false`. */
export async function readEnvFiles(service: MapNode, environment: Environment, session: LoadSession): Promise<MapNode> {
  const withEnvironment = await readInto(service, 'environment', { key: 'env_file', environment, session });
  return await readInto(withEnvironment, 'labels', { key: 'label_file', environment, session });
}

interface Reading {
  readonly key: 'env_file' | 'label_file';
  readonly environment: Environment;
  readonly session: LoadSession;
}

async function readInto(service: MapNode, section: 'environment' | 'labels', reading: Reading): Promise<MapNode> {
  const { key, environment, session } = reading;
  const files = itemsOf(find(service, key));
  const rest = withEntry(service, key, undefined);
  if (files.length === 0) return rest;
  const own = findMap(service, section) ?? toMap([], service.place);
  const read = new Map<string, Node>();
  const outer = lookupIn(environment);
  // Labels know no variables; a value of environment knows those outside, then those of the files before.
  const lookup: Lookup = (name) => (section === 'labels' ? undefined : (outer(name) ?? toText(read.get(name))));
  for (const file of files) {
    const variables = await readFile(file, lookup, session);
    for (const [name, value] of Object.entries(variables)) read.set(name, toScalar(value, file.place));
  }
  return withEntry(rest, section, { ...own, entries: new Map([...read, ...own.entries]) });
}

async function readFile(file: Node, lookup: Lookup, session: LoadSession): Promise<Readonly<Record<string, string>>> {
  const path = isText(file) ? file.value : (findText(file, 'path') ?? '');
  const format = findText(file, 'format');
  if (format !== undefined && format !== 'raw') {
    throw problemAt(
      file.place,
      `the format "${format}" of ${toShownPath(session, path)} is not known`,
      'Use raw, or none.',
    );
  }
  const text = await readSource(session, path);
  if (text !== undefined) return parseEnvFile({ file: path, text, lookup, raw: format === 'raw' }, session);
  if (isMap(file) && isOptional(file)) return {};
  throw problemAt(file.place, `the file ${toShownPath(session, path)} is not there`, 'Add it, or say required: false.');
}

function isOptional(file: MapNode): boolean {
  const required = find(file, 'required');
  if (isText(required)) return parseFlag(required.value) === false;
  return required?.kind === 'scalar' && required.value === false;
}
