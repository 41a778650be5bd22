// Pulling and building images, with progress. The engine tells of failures inside the stream, after it has said 200.
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { PlanStep } from '../../../contract/index.ts';
import { count, text } from '../../docker/answers.ts';
import { cleanText } from '../../docker/styledText.ts';
import { createLineSplitter } from '../../stream/lines.ts';
import { openContext } from '../build/buildContext.ts';
import { toBuildQuery } from '../build/buildQuery.ts';
import { getService } from '../spec/names.ts';
import { findCredentials } from './credentials.ts';
import { type Run, StepEnd } from './run.ts';

export async function performImage(run: Run, step: PlanStep): Promise<string> {
  return step.action === 'build' ? build(run, step) : pull(run, step);
}

async function build(run: Run, step: PlanStep): Promise<string> {
  const { project } = run.prepared;
  const { signal, onOutput } = run.options;
  const declared = project && step.key !== null ? getService(project, step.key).build : undefined;
  if (!project || step.key === null || !declared) throw new StepEnd('failed', `no file says how ${step.name} is built`);
  run.report(step.id, 'running', 'sending the context');
  const { context: folder, dockerfile = 'Dockerfile', dockerfile_inline: inline } = declared;
  const context = await openContext({ folder, dockerfile, inline });
  const query = { ...toBuildQuery(project, step.key, declared), dockerfile: context.dockerfile };
  await run.engine.stack.images.build(context.stream, {
    query,
    signal,
    onLine: (line) => {
      const text = cleanText(line);
      run.report(step.id, 'running', text);
      onOutput?.(step.id, text);
    },
  });
  return 'built';
}

async function pull(run: Run, step: PlanStep): Promise<string> {
  const { project } = run.prepared;
  const { signal } = run.options;
  const platform = project && step.key !== null ? getService(project, step.key).platform : undefined;
  run.report(step.id, 'running', 'asking the registry');
  const stream = await run.engine.stack.images.openPull(step.name, {
    platform: typeof platform === 'string' ? platform : null,
    credentials: await findCredentials(step.name, run.options.environment ?? process.env),
    signal,
  });
  const layers = new Map<string, { current: number; total: number }>();
  for await (const line of readProgress(stream)) {
    if (line.error) throw new Error(line.error);
    if (line.id && line.total > 0) layers.set(line.id, line);
    run.report(step.id, 'running', toDetail(layers, line.status));
    if (line.status) run.options.onOutput?.(step.id, cleanText([line.id, line.status].filter(Boolean).join(' ')));
  }
  if (signal.aborted) throw new StepEnd('skipped', 'cancelled');
  return 'pulled';
}

function toDetail(layers: ReadonlyMap<string, { current: number; total: number }>, status: string): string {
  const values = [...layers.values()];
  const sum = (pick: (layer: { current: number; total: number }) => number) =>
    Math.round(values.reduce((total, layer) => total + pick(layer), 0) / 1e6);
  return values.length === 0
    ? cleanText(status)
    : `pulling, ${sum(({ current }) => current)} of ${sum(({ total }) => total)} MB`;
}

export interface ProgressLine {
  readonly id: string;
  readonly status: string;
  readonly error: string;
  readonly current: number;
  readonly total: number;
  readonly aux: unknown;
}

const lineSchema = z.object({
  id: text,
  status: text,
  stream: text,
  error: text,
  errorDetail: z.object({ message: text }).nullish().catch(null),
  progressDetail: z.object({ current: count, total: count }).nullish().catch(null),
  aux: z.unknown().optional(),
});

const lineLimit = 1024 * 1024;

/** The JSON lines of a pull or build. Lines that are none are passed over. */
export async function* readProgress(stream: Readable): AsyncGenerator<ProgressLine> {
  const splitter = createLineSplitter(lineLimit);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const line of splitter.push(chunk)) {
      const parsed = parseLine(line.toString('utf8'));
      if (parsed) yield parsed;
    }
  }
  const rest = splitter.rest();
  const last = rest && parseLine(rest.toString('utf8'));
  if (last) yield last;
}

function parseLine(line: string): ProgressLine | undefined {
  if (line.trim() === '') return undefined;
  try {
    const { id, status, stream, error, errorDetail, progressDetail, aux } = lineSchema.parse(JSON.parse(line));
    return {
      id,
      status: status || stream.trim(),
      error: errorDetail?.message || error,
      current: progressDetail?.current ?? 0,
      total: progressDetail?.total ?? 0,
      aux,
    };
  } catch {
    return undefined;
  }
}
