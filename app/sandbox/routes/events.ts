import { parseFilters } from '../http/filters.ts';
import { stream } from '../http/reply.ts';
import type { EngineRoute } from '../http/routeTable.ts';
import { EVENT_FILTERS, writeEvents } from '../streams/eventLog.ts';
import { parseTimeMicros } from '../streams/time.ts';
import type { EngineParts } from './engineParts.ts';

export function eventRoutes({ events }: EngineParts): EngineRoute[] {
  return [
    {
      method: 'GET',
      path: '/events',
      handle: ({ query }) => {
        const sinceMicros = parseTimeMicros(query.get('since'));
        const untilMicros = parseTimeMicros(query.get('until'));
        const wanted = { filters: parseFilters(query.get('filters'), EVENT_FILTERS), sinceMicros, untilMicros };
        // Taken now: what happens between the answer's headers and the first read belongs to the client.
        const position = sinceMicros === null && untilMicros === null ? events.journal.end : 0;
        return stream({ 'Content-Type': 'application/json' }, (response, signal) =>
          writeEvents(events, wanted, { response, signal, position }),
        );
      },
    },
  ];
}
