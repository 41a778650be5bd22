// GET /containers/{id}/stats: one answer, or one a second until the client goes or the container is removed.
import type { ServerResponse } from 'node:http';
import { availableParallelism, totalmem } from 'node:os';
import type { Container } from '../containers/container.ts';
import { writeBounded } from '../streams/writeBounded.ts';
import { type ProcessSample, readProcess, readSystemNanoseconds } from './procfs.ts';
import { type ContainerSample, toStats } from './view.ts';

const EVERY_MS = 1_000;

export interface StatsQuery {
  stream: boolean;
  /** Without a stream: answer at once, without the earlier sample that a share of the processor needs. */
  oneShot: boolean;
}

/** `listPids` answers the processes of the container, those of its execs too. */
export async function writeStats(
  container: Container,
  query: StatsQuery,
  options: { response: ServerResponse; signal: AbortSignal; listPids: () => number[] },
): Promise<void> {
  const { response, signal, listPids } = options;
  const { id } = container;
  let previous = query.stream || query.oneShot ? undefined : takeSample(listPids());
  if (previous !== undefined) await wait(EVERY_MS, signal);
  while (!signal.aborted) {
    const sample = takeSample(listPids());
    const stats = toStats({ id, name: container.name, sample, previous });
    await writeBounded(response, `${JSON.stringify(stats)}\n`, signal);
    if (!query.stream || container.state.status === 'removing') return;
    previous = sample;
    await wait(EVERY_MS, signal);
  }
}

function takeSample(pids: readonly number[]): ContainerSample | undefined {
  const processes = pids.map(readProcess).filter((one): one is ProcessSample => one !== undefined);
  if (processes.length === 0) return undefined;
  return {
    at: Date.now(),
    processes,
    systemNanoseconds: readSystemNanoseconds(),
    processors: availableParallelism(),
    memoryBytes: totalmem(),
  };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
