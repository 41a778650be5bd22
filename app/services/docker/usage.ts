// One answer of GET /containers/{id}/stats as plain counters. Pure; what the engine does not say is null.
import { z } from 'zod';

/** Counters of one container at one moment; rates come from two of them. */
export interface UsageSample {
  /** Epoch ms at which the engine read the counters. */
  at: number;
  /** CPU time since the container started; null where the engine does not count in nanoseconds (Windows). */
  cpuNanoseconds: number | null;
  memoryBytes: number | null;
  pids: number | null;
  /** By interface. Empty where the container has no network of its own. */
  networks: Readonly<Record<string, { rxBytes: number; txBytes: number }>>;
}

const amount = z.number().nonnegative().nullish().catch(null);

const answerSchema = z.object({
  read: z.string().catch(''),
  /** Set on Windows only, where total_usage counts in 100 ns. */
  num_procs: z.number().catch(0),
  pids_stats: z.object({ current: amount }).nullish().catch(null),
  cpu_stats: z
    .object({ cpu_usage: z.object({ total_usage: amount }).nullish().catch(null) })
    .nullish()
    .catch(null),
  memory_stats: z
    .object({ usage: amount, stats: z.record(z.string(), amount).nullish().catch(null) })
    .nullish()
    .catch(null),
  networks: z
    .record(
      z.string(),
      z.object({ rx_bytes: z.number().nonnegative().catch(0), tx_bytes: z.number().nonnegative().catch(0) }),
    )
    .nullish()
    .catch(null),
});

type Answer = z.infer<typeof answerSchema>;

const interfaceLimit = 64;

/** undefined for an answer that says nothing: a container that does not run is read at year 1. */
export function parseUsage(answer: unknown): UsageSample | undefined {
  const parsed = answerSchema.safeParse(answer);
  if (!parsed.success) return undefined;
  const at = Date.parse(parsed.data.read);
  if (Number.isNaN(at) || at <= 0) return undefined;
  const { cpu_stats, num_procs, pids_stats, networks } = parsed.data;
  return {
    at,
    cpuNanoseconds: num_procs > 0 ? null : (cpu_stats?.cpu_usage?.total_usage ?? null),
    memoryBytes: toMemoryBytes(parsed.data.memory_stats),
    pids: pids_stats?.current ?? null,
    networks: Object.fromEntries(
      Object.entries(networks ?? {})
        .slice(0, interfaceLimit)
        .map(([name, { rx_bytes, tx_bytes }]) => [name, { rxBytes: rx_bytes, txBytes: tx_bytes }]),
    ),
  };
}

/**
 * What `docker stats` shows (calculateMemUsageUnixNoCache in docker/cli, cli/command/container/stats_helpers.go): usage
 * without the inactive part of the page cache, which cgroup v1 calls total_inactive_file and v2 inactive_file. A value
 * above the usage is not believed there either.
 */
function toMemoryBytes(memory: Answer['memory_stats']): number | null {
  if (memory?.usage === null || memory?.usage === undefined) return null;
  const { usage, stats } = memory;
  const inactive = stats?.total_inactive_file ?? stats?.inactive_file ?? 0;
  return inactive < usage ? usage - inactive : usage;
}
