// What /metrics says. prom-client's default metrics stay out: three of its gauges end in _total, which
// `promtool check metrics` rejects.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** For a role's own metrics: queue depth, cache hits, connections that wait. */
  registry: Registry;
  observe(sample: { method: string; route: string; status: number; seconds: number }): void;
  /** `read` is asked first at each scrape, and its text stands beside the registry's. It never rejects. */
  precede(read: () => Promise<string>): void;
  /** What /metrics answers. */
  render(): Promise<string>;
  /** Of the gateway's signature on a request: missed is one that was served all the same. */
  checkSignature(result: 'valid' | 'missed' | 'refused'): void;
}

export const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by the pattern of their path.',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line to the last byte of the answer.',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const signatures = new Counter({
    name: 'gateway_signature_checks_total',
    help: 'Requests by what came of the check of their signature; missed ones were served all the same.',
    labelNames: ['result'],
    registers: [registry],
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of this process.',
    registers: [registry],
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'When this process started, in seconds since 1970.',
    registers: [registry],
  }).set(Math.round(Date.now() / 1000 - process.uptime()));
  const first: (() => Promise<string>)[] = [];
  return {
    registry,
    precede: (read) => void first.push(read),
    async render() {
      const texts = await Promise.all(first.map((read) => read()));
      return [...texts, await registry.metrics()].join('');
    },
    observe({ method, route, status, seconds }) {
      // The method is the client's text: only known ones become label values, or anyone could add series.
      const label = KNOWN_METHODS.has(method) ? method : 'other';
      requests.inc({ method: label, route, status: String(status) });
      durations.observe({ method: label, route }, seconds);
    },
    checkSignature(result) {
      signatures.inc({ result });
    },
  };
}
