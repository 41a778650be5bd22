// What answers questions about metrics: a Prometheus of the stack, or the host's own scraper where there is none.
import type {
  Alerts,
  ChartGroup,
  Charts,
  Completion,
  MetricsRange,
  PromqlAnswer,
  ScrapeTargets,
} from '../../contract/index.ts';

export interface PromqlRequest {
  readonly query: string;
  /** null: at one moment. */
  readonly range: MetricsRange | null;
  /** Epoch ms, for one moment. */
  readonly at: number;
}

/** Each rejects with a problem that says what to do. */
export interface MetricsSource {
  charts(group: ChartGroup, range: MetricsRange): Promise<Charts>;
  query(request: PromqlRequest, signal: AbortSignal): Promise<PromqlAnswer>;
  completion(query: string, at: number, signal: AbortSignal): Promise<Completion>;
  targets(signal: AbortSignal): Promise<ScrapeTargets>;
  alerts(signal: AbortSignal): Promise<Alerts>;
}
