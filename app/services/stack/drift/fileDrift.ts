// Mounted files that are no longer what the container began with. A file that is replaced on disk stays the old one inside
// the container, and one that is rewritten was perhaps read before: both are said, and apart.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Drift } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import { createDemultiplexer } from '../../docker/multiplexed.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { readTarFile } from '../../docker/tarFile.ts';
import type { Project } from '../compose/project.ts';
import type { ObservedStack } from '../plan/observedStack.ts';
import { type InjectedFile, toInjectedFiles } from '../spec/injectedFiles.ts';
import { getService } from '../spec/names.ts';
import { findMountedFiles } from './mountedFiles.ts';

interface Found {
  readonly drifted: Drift['services'];
  readonly unknown: Drift['unknown'];
}

type Variables = Readonly<Record<string, string | undefined>>;
/** undefined: nothing to say. */
type Verdict = { readonly detail: string } | { readonly unknown: string } | undefined;

const fileLimitBytes = 1024 * 1024;
const insideTimeoutMs = 5000;

export async function findFileDrift(
  engine: Engine,
  project: Project,
  observed: ObservedStack,
  variables: Variables,
): Promise<Found> {
  const drifted: Drift['services'] = [];
  const unknown: Drift['unknown'] = [];
  for (const container of observed.containers) {
    const { service, oneOff } = container;
    if (service === null || oneOff || !Object.hasOwn(project.services, service) || container.startedAt === null)
      continue;
    const take = (path: string, verdict: Verdict) => {
      if (!verdict) return;
      if ('unknown' in verdict) unknown.push({ service, path, reason: verdict.unknown });
      else
        drifted.push({ service, container: container.name, kind: 'file', changes: [], path, detail: verdict.detail });
    };
    for (const { source, target } of await findMountedFiles(project, service, observed)) {
      const verdict = observed.readsFiles
        ? await compareMounted(engine, container, source, target)
        : { unknown: 'the engine is another machine’s, whose files cannot be read from here' };
      take(target, verdict);
    }
    for (const file of toInjectedFiles(project, getService(project, service))) {
      take(file.target, await compareInjected(engine, container, file, variables));
    }
  }
  return { drifted, unknown };
}

async function compareMounted(
  engine: Engine,
  container: StackContainer,
  source: string,
  target: string,
): Promise<Verdict> {
  const info = await stat(source).catch(() => undefined);
  if (!info) return { detail: `${source} is gone from the disk` };
  // Replacing a file by renaming another over it keeps that one's mtime, but not its ctime.
  const changedAt = Math.max(info.mtimeMs, info.ctimeMs);
  if (changedAt <= (container.startedAt ?? 0)) return undefined;
  const when = `${source} was changed ${toAge(changedAt - (container.startedAt ?? 0))} after the container started`;
  if (!info.isFile() || info.size > fileLimitBytes || container.state !== 'running') return { detail: when };
  const inside = await readInside(engine, container.id, target);
  if (inside === undefined) return { detail: `${when}; what the container sees could not be read` };
  const outside = await readFile(source).catch(() => undefined);
  if (!outside) return { unknown: `${source} cannot be read` };
  return toHash(inside) === toHash(outside)
    ? { detail: `${when}; the container sees it, but its program may have read the one before` }
    : { detail: `${when} by another file: the container still has the one before, until it is made anew` };
}

/** What was copied in is compared with what would be copied in now. */
async function compareInjected(
  engine: Engine,
  container: StackContainer,
  { content, variable, kind, source, target }: InjectedFile,
  variables: Variables,
): Promise<Verdict> {
  const wanted = content ?? variables[variable ?? ''];
  if (wanted === undefined) return { unknown: `the variable ${variable} is not set` };
  const signal = AbortSignal.timeout(insideTimeoutMs);
  const stream = await engine.stack.containers.openArchive(container.id, target, signal);
  if (!stream) return { detail: `the ${kind} "${source}" is not in the container` };
  const inside = await readTarFile(stream, fileLimitBytes).catch(() => undefined);
  if (!inside) return { unknown: 'it could not be read from the container' };
  if (toHash(inside) === toHash(Buffer.from(wanted))) return undefined;
  return { detail: `the ${kind} "${source}" has another content now` };
}

/**
 * As the processes of the container see it. The engine's archive call would not do: it mounts the path of the host anew, and
 * shows what is there now (measured with Docker 20.10). undefined where there is no `cat`, or it says no.
 */
async function readInside(engine: Engine, container: string, path: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  const demultiplex = createDemultiplexer((output, bytes) => {
    length += bytes.length;
    if (output === 'stdout' && length <= fileLimitBytes) chunks.push(Buffer.from(bytes));
  });
  try {
    const exec = await engine.exec(container, ['cat', '--', path]);
    const timer = setTimeout(() => exec.stream.destroy(), insideTimeoutMs);
    exec.stream.end();
    for await (const chunk of exec.stream as AsyncIterable<Buffer>) demultiplex(chunk);
    clearTimeout(timer);
    return (await exec.findExitCode()) === 0 ? Buffer.concat(chunks) : undefined;
  } catch {
    return undefined;
  }
}

const toHash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function toAge(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
