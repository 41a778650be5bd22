// A container's figures in the JSON of the Docker Engine API, so that `docker stats` works them out as it does for any
// engine. What is not known is left out, never zero. Pure.
import type { ProcessSample } from './procfs.ts';

export interface ContainerSample {
  at: number;
  processes: readonly ProcessSample[];
  systemNanoseconds: number | undefined;
  processors: number;
  memoryBytes: number;
}

const NEVER = '0001-01-01T00:00:00Z';
const sum = (processes: readonly ProcessSample[], value: (one: ProcessSample) => number) =>
  processes.reduce((total, one) => total + value(one), 0);

export interface StatsSubject {
  id: string;
  name: string;
  /** undefined for a container that has no process. */
  sample: ContainerSample | undefined;
  previous: ContainerSample | undefined;
}

export function toStats({ id, name, sample, previous }: StatsSubject) {
  return {
    read: toTime(sample),
    preread: toTime(previous),
    pids_stats: sample === undefined ? {} : { current: sum(sample.processes, (one) => one.threads) },
    blkio_stats: toBlockStats(sample?.processes ?? []),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: toProcessorStats(sample),
    precpu_stats: toProcessorStats(previous),
    memory_stats: sample === undefined ? {} : toMemoryStats(sample),
    name: `/${name}`,
    id,
    // `networks` is left out: on one loopback interface nobody counts whose bytes are whose.
  };
}

const toTime = (sample: ContainerSample | undefined) =>
  sample === undefined ? NEVER : new Date(sample.at).toISOString();

function toProcessorStats(sample: ContainerSample | undefined) {
  const processes = sample?.processes ?? [];
  const user = sum(processes, (one) => one.userNanoseconds);
  const kernel = sum(processes, (one) => one.kernelNanoseconds);
  return {
    cpu_usage: { total_usage: user + kernel, usage_in_kernelmode: kernel, usage_in_usermode: user },
    ...(sample?.systemNanoseconds === undefined
      ? {}
      : { system_cpu_usage: sample.systemNanoseconds, online_cpus: sample.processors }),
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
}

/** The limit is the machine's memory: nothing limits a process of the sandbox. */
function toMemoryStats({ processes, memoryBytes }: ContainerSample) {
  const file = sum(processes, (one) => one.residentFileBytes);
  const usage = sum(processes, (one) => one.residentBytes);
  // The pages of its files are shared with every other process of the same binary; clients subtract inactive_file.
  return { usage, stats: { anon: usage - file, file, inactive_file: file }, limit: memoryBytes };
}

function toBlockStats(processes: readonly ProcessSample[]) {
  const entries = (['read', 'write'] as const).flatMap((op) => {
    const counts = processes.map((one) => (op === 'read' ? one.readBytes : one.writtenBytes));
    const known = counts.filter((count) => count !== undefined);
    return known.length === 0 ? [] : [{ major: 0, minor: 0, op, value: known.reduce((a, b) => a + b, 0) }];
  });
  return {
    io_service_bytes_recursive: entries,
    io_serviced_recursive: null,
    io_queue_recursive: null,
    io_service_time_recursive: null,
    io_wait_time_recursive: null,
    io_merged_recursive: null,
    io_time_recursive: null,
    sectors_recursive: null,
  };
}
