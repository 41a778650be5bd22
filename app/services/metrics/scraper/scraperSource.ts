// The fixed charts from what the host measured itself. Everything else needs a Prometheus, and says so.
import {
  type Chart,
  type ChartGroup,
  GatehouseError,
  type MetricsRange,
  type Problem,
} from '../../../contract/index.ts';
import { alignRange, assembleChart, findGaps } from '../charts/assemble.ts';
import { type ChartDefinition, findCharts } from '../charts/definitions.ts';
import type { MetricsSource } from '../metricsSource.ts';
import { evaluatePlan } from './evaluate.ts';
import type { Ring } from './ring.ts';

export interface ScraperOptions {
  gateway: Ring;
  engine: Ring;
  /** Why there is no Prometheus to ask. */
  absence: () => Problem;
  /** Why the gateway cannot be asked; null when it can. */
  findGatewayProblem: () => Problem | null;
  findEngineProblem: () => Problem | null;
  now: () => number;
}

export function createScraperSource(options: ScraperOptions): MetricsSource {
  const refuse = async (): Promise<never> => {
    throw new GatehouseError(options.absence());
  };
  return {
    async charts(group, range) {
      const asked = findCharts(group);
      const ring = group === 'containers' ? options.engine : options.gateway;
      const { stepMs } = ring.looks(range.from, range.stepMs);
      const answered = alignRange({ ...range, stepMs: Math.max(stepMs, range.stepMs) });
      const charts = asked.map((definition) => toChart(definition, { ring, range: answered, options }));
      return { at: options.now(), range: answered, charts };
    },
    query: refuse,
    completion: refuse,
    targets: refuse,
    alerts: async () => ({
      at: options.now(),
      alerts: [],
      firingCount: 0,
      pendingCount: 0,
      rules: [],
      ruleCount: 0,
      reason: options.absence(),
    }),
  };
}

interface ChartFacts {
  ring: Ring;
  range: MetricsRange;
  options: ScraperOptions;
}

function toChart(definition: ChartDefinition, { ring, range, options }: ChartFacts): Chart {
  const [parts = []] = definition.alternatives;
  const source = sourceOf(definition.group);
  const whole = { from: range.from, until: range.to };
  if (source === 'prometheus') {
    const { message, remedy } = options.absence();
    const reason = `The stores' own figures come by exporters, and those by Prometheus. ${message} ${remedy}`;
    return assembleChart(
      definition,
      { parts, series: [] },
      { source, queries: [], notes: [], unwatched: [whole], reason },
    );
  }
  const answers = parts.map(({ plan }) => evaluatePlan(plan, ring, range));
  const isWatched = answers[0]?.isWatched ?? [];
  return assembleChart(
    definition,
    { parts, series: answers.map(({ series }) => series) },
    {
      source,
      queries: [],
      notes: ring.refusedCount > 0 ? ['There are more series than the host keeps; some are missing.'] : [],
      unwatched: findGaps(isWatched, range),
      reason: toReason(definition, { isWatched, problem: problemOf(source, options) }),
    },
  );
}

function sourceOf(group: ChartGroup): Chart['source'] {
  if (group === 'stores') return 'prometheus';
  return group === 'containers' ? 'engine' : 'gateway';
}

function problemOf(source: Chart['source'], options: ScraperOptions): Problem | null {
  return source === 'engine' ? options.findEngineProblem() : options.findGatewayProblem();
}

/** Why a chart is empty. */
function toReason(
  { group, remedy }: ChartDefinition,
  { isWatched, problem }: { isWatched: readonly boolean[]; problem: Problem | null },
): string {
  if (problem) return `${problem.message} ${problem.remedy}`;
  if (!isWatched.some(Boolean)) return 'Nobody measured in this time; what is measured from now on will stand here.';
  return group === 'containers' ? remedy : 'The gateway was asked, and there was nothing of this in this time.';
}
