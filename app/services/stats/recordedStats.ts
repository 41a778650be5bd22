// Answers of GET /containers/{id}/stats?stream=false&one-shot=true, for tests: one recorded, one as documented.

interface Moment {
  read: string;
  cpuNanoseconds: number;
  rxBytes: number;
  txBytes: number;
}

/** Recorded from Docker 20.10 on cgroup v1: a PostgreSQL 15 at two moments, where `docker stats` said 38.3 MiB. */
export const cgroup1 = {
  before: cgroup1Answer({
    read: '2026-11-23T09:33:40.214712288Z',
    cpuNanoseconds: 3_161_139_872,
    rxBytes: 483_122,
    txBytes: 2_473_877,
  }),
  after: cgroup1Answer({
    read: '2026-11-23T09:33:42.323426347Z',
    cpuNanoseconds: 3_215_810_326,
    rxBytes: 491_617,
    txBytes: 2_518_650,
  }),
};

function cgroup1Answer({ read, cpuNanoseconds, rxBytes, txBytes }: Moment) {
  const throttling = { periods: 0, throttled_periods: 0, throttled_time: 0 };
  return {
    read,
    preread: '0001-01-01T00:00:00Z',
    pids_stats: { current: 7 },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: {
      cpu_usage: { total_usage: cpuNanoseconds, percpu_usage: [1_340_713_810, 1_875_096_516] },
      system_cpu_usage: 9_316_000_000_000,
      online_cpus: 2,
      throttling_data: throttling,
    },
    precpu_stats: { cpu_usage: { total_usage: 0 }, throttling_data: throttling },
    memory_stats: {
      usage: 76_718_080,
      max_usage: 84_574_208,
      stats: {
        active_file: 9_412_608,
        cache: 63_741_952,
        inactive_file: 36_532_224,
        rss: 7_028_736,
        total_active_file: 9_412_608,
        total_cache: 63_741_952,
        total_inactive_file: 36_532_224,
        total_rss: 7_028_736,
      },
      limit: 25_276_063_744,
    },
    networks: { eth0: { rx_bytes: rxBytes, rx_packets: 2453, tx_bytes: txBytes, tx_packets: 2100 } },
  };
}

/**
 * As the Engine API's reference says of cgroup v2: no percpu_usage, no max_usage and failcnt, and stats named as in
 * memory.stat, where nothing is a total.
 */
export const cgroup2 = {
  read: '2026-03-01T12:00:00.000000000Z',
  preread: '0001-01-01T00:00:00Z',
  pids_stats: { current: 24, limit: 9_830 },
  num_procs: 0,
  storage_stats: {},
  cpu_stats: {
    cpu_usage: { total_usage: 41_250_000_000, usage_in_kernelmode: 9_000_000_000, usage_in_usermode: 32_250_000_000 },
    system_cpu_usage: 912_000_000_000_000,
    online_cpus: 8,
    throttling_data: { periods: 40, throttled_periods: 3, throttled_time: 120_000_000 },
  },
  memory_stats: {
    usage: 201_326_592,
    stats: {
      active_anon: 4096,
      active_file: 20_971_520,
      anon: 117_440_512,
      file: 71_303_168,
      inactive_anon: 117_436_416,
      inactive_file: 50_331_648,
      slab: 8_388_608,
      slab_reclaimable: 6_291_456,
      workingset_refault_file: 0,
    },
    limit: 268_435_456,
  },
  networks: { eth0: { rx_bytes: 1000, tx_bytes: 2000 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
};

/** What the engine says of a container that does not run. */
export const notRunning = {
  read: '0001-01-01T00:00:00Z',
  preread: '0001-01-01T00:00:00Z',
  pids_stats: {},
  blkio_stats: { io_service_bytes_recursive: null },
  num_procs: 0,
  storage_stats: {},
  cpu_stats: { cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 } },
  memory_stats: {},
  name: '/shop-platform-search-1',
};
