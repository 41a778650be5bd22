// The process: processor, memory, and how long the event loop keeps others waiting. prom-client's own set of these has
// names that `promtool check metrics` objects to.
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

/** A delay is seen when it is longer than this; finer costs a wake-up of the process each time. */
const RESOLUTION_MS = 20;
/** Two who scrape must not take each other's maximum away: what is said is of the last 10 to 20 s. */
const WINDOW_MS = 10_000;

/** Returns what ends the measurement. It begins with the first scrape: a gateway that nobody scrapes is not woken for it. */
export function registerProcessMetrics(registry: Registry): () => void {
  const registers = [registry];
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process, user and system',
    registers,
    collect() {
      this.reset();
      const { user, system } = process.cpuUsage();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process that is in RAM',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since 1970',
    registers,
    collect() {
      this.set(performance.timeOrigin / 1_000);
    },
  });
  new Gauge({
    name: 'gatehouse_gateway_heap_used_bytes',
    help: 'Memory that JavaScript objects of the process take',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  new Counter({
    name: 'gatehouse_gateway_event_loop_active_seconds_total',
    help: 'Time that the event loop did not wait for anything; its rate is the share of one core in use',
    registers,
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1_000);
    },
  });
  return registerDelay(registry);
}

function registerDelay(registry: Registry): () => void {
  let histogram: IntervalHistogram | undefined;
  let windowBegan = 0;
  let earlier: Delay | undefined;

  function read(): Delay {
    if (!histogram) {
      histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      histogram.enable();
      windowBegan = performance.now();
    }
    const current = toDelay(histogram);
    const said = earlier ? worse(earlier, current) : current;
    if (performance.now() - windowBegan >= WINDOW_MS) {
      earlier = current;
      histogram.reset();
      windowBegan = performance.now();
    }
    return said;
  }

  for (const [part, words] of [
    ['mean', 'Mean'],
    ['p99', '99th percentile'],
    ['max', 'Longest'],
  ] as const)
    new Gauge({
      name: `gatehouse_gateway_event_loop_delay_${part}_seconds`,
      help: `${words} of the time by which timers came late in the last 10 to 20 s`,
      registers: [registry],
      collect() {
        this.set(read()[part]);
      },
    });
  return () => histogram?.disable();
}

type Delay = Readonly<Record<'mean' | 'p99' | 'max', number>>;

/** The histogram holds the whole interval between two ticks, in ns. */
function toDelay(histogram: IntervalHistogram): Delay {
  const toSeconds = (ns: number) => (Number.isNaN(ns) ? 0 : Math.max(0, ns / 1e9 - RESOLUTION_MS / 1_000));
  return {
    mean: toSeconds(histogram.mean),
    p99: toSeconds(histogram.count === 0 ? 0 : histogram.percentile(99)),
    max: toSeconds(histogram.count === 0 ? 0 : histogram.max),
  };
}

function worse(a: Delay, b: Delay): Delay {
  return { mean: Math.max(a.mean, b.mean), p99: Math.max(a.p99, b.p99), max: Math.max(a.max, b.max) };
}
