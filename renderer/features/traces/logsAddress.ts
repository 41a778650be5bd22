// Where the lines are that services wrote at a time. Pure.
import { stringifySearch } from '../../shell/searchText.ts';

export interface LogsWanted {
  services: readonly string[];
  /** Epoch ms. */
  from: number;
  to: number;
  traceId: string;
}

/** A second more on both sides: lines are stamped by the engine, when they come. */
const MARGIN_MS = 1000;

export function logsAddress(environment: string, { services, from, to, traceId }: LogsWanted): string {
  const search = stringifySearch({
    services: services.join(','),
    from: Math.floor(from - MARGIN_MS),
    to: Math.ceil(to + MARGIN_MS),
    trace: traceId,
  });
  return `/env/${environment}/logs${search}`;
}
