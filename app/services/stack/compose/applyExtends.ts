// Pass: `extends` brings in a service of this file or of another one, under what the service says itself.
import { merge, withoutDoubles, withoutMarks } from './merge.ts';
import { find, findMap, findText, isMap, isText, type MapNode, mapEntries, type Node, withEntry } from './node.ts';
import { problemAt } from './problem.ts';
import { type FileContext, readTrees, toPathBase } from './readTrees.ts';
import { resolvePaths, toAbsolute } from './resolvePaths.ts';
import { compose } from './schema/compose.ts';
import { service as serviceShape } from './schema/service.ts';
import { type LoadSession, toShownPath } from './session.ts';

interface Step {
  readonly file: string;
  readonly service: string;
}

/** Throws `compose-invalid` for what is extended and not there, and names the services of a cycle. */
export async function applyExtends(tree: MapNode, context: FileContext, session: LoadSession): Promise<MapNode> {
  const services = tree.entries.get('services');
  if (!services || services.mark === 'reset') return tree;
  if (!isMap(services)) throw problemAt(services.place, 'services must be a mapping', 'Write the services under it.');
  const extended = new Map<string, Node>();
  for (const [name, service] of services.entries) {
    extended.set(name, await extendService({ services, name, service, context, steps: [] }, session));
  }
  return withEntry(tree, 'services', { ...services, entries: extended });
}

interface Extending {
  /** Those of the file that the service stands in. */
  readonly services: MapNode;
  readonly name: string;
  readonly service: Node;
  readonly context: FileContext;
  readonly steps: readonly Step[];
}

async function extendService(one: Extending, session: LoadSession): Promise<Node> {
  const { name, service, context } = one;
  const written = find(service, 'extends');
  if (!isMap(service) || !written) return service;
  const steps = [...one.steps, { file: context.file, service: name }];
  requireNoCycle(one.steps, { file: context.file, service: name }, written, session);
  const target = toTarget(written);
  const base = withoutMarks(await findBase({ ...one, steps }, target, session));
  return withoutDoubles(serviceShape, merge(serviceShape, base, withEntry(service, 'extends', undefined)));
}

function requireNoCycle(steps: readonly Step[], next: Step, at: Node, session: LoadSession): void {
  const first = steps.findIndex(({ file, service }) => file === next.file && service === next.service);
  if (first === -1) return;
  const names = [...steps.slice(first), next].map(({ file, service }) => `${service} (${toShownPath(session, file)})`);
  throw problemAt(at.place, `services extend each other: ${names.join(' → ')}`, 'Remove one of these extends.');
}

interface Target {
  readonly service: string;
  readonly file?: string;
  readonly at: Node;
}

function toTarget(written: Node): Target {
  if (isText(written)) return { service: written.value, at: written };
  const service = findText(written, 'service');
  const file = findText(written, 'file');
  const odd = isMap(written)
    ? [...written.entries.keys()].find((key) => key !== 'service' && key !== 'file')
    : undefined;
  if (service === undefined || odd !== undefined) {
    throw problemAt(
      written.place,
      'extends must name a service, and may name a file',
      'Write {service: name, file: path}.',
    );
  }
  return { service, at: written, ...(file === undefined ? {} : { file }) };
}

async function findBase(one: Extending, target: Target, session: LoadSession): Promise<Node> {
  const { context, steps } = one;
  if (target.file === undefined) {
    const service = one.services.entries.get(target.service);
    if (!service) throw notThere(target, toShownPath(session, context.file));
    return await extendService({ ...one, name: target.service, service }, session);
  }
  const { path } = session.reader;
  const file = toAbsolute(target.file, toPathBase(context.source.folder, session));
  const services = await readServices({ file, source: context.source }, target, session);
  const service = services.entries.get(target.service);
  if (!service) throw notThere(target, toShownPath(session, file));
  const source = { ...context.source, folder: path.dirname(file) };
  return await extendService({ services, name: target.service, service, context: { file, source }, steps }, session);
}

/** The services of another file, their paths made absolute from where that file lies. */
async function readServices({ file, source }: FileContext, target: Target, session: LoadSession): Promise<MapNode> {
  const shown = toShownPath(session, file);
  if ((await session.reader.readText(file)) === undefined) {
    throw problemAt(
      target.at.place,
      `extends a service of ${shown}, which is not there`,
      'Add it, or correct its name.',
    );
  }
  const trees = await readTrees(file, source.environment, session);
  const base = toPathBase(session.reader.path.dirname(file), session);
  const merged = trees.reduce<Node | undefined>((all, tree) => (all ? merge(compose, all, tree) : tree), undefined);
  const services = findMap(merged, 'services');
  if (!services) throw notThere(target, shown);
  return mapEntries(services, (service) => resolvePaths(serviceShape, service, base));
}

function notThere(target: Target, file: string): Error {
  return problemAt(
    target.at.place,
    `extends service "${target.service}", which is not in ${file}`,
    'Add it there, or correct the name.',
  );
}
