import { GatehouseError, type HandlersOf, type Operations } from '../../contract/index.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { listBoots } from '../history/boots.ts';
import type { History } from '../history/history.ts';
import { findKeptLog, listKeptLogs } from '../history/keptLogs.ts';
import { maskText } from '../stack/maskSecrets.ts';
import type { Timeline } from './timeline.ts';

export interface TimelineHandlerDeps {
  timeline: Timeline;
  history: History;
  /** Engine and project of an environment; throws `environment-unknown`. */
  placeOf: (environment: string) => string;
}

export function createTimelineHandlers({
  timeline,
  history,
  placeOf,
}: TimelineHandlerDeps): HandlersOf<Operations['timeline']> {
  return {
    watch: ({ environment, kinds, limit }, { signal }) =>
      timeline.watch({ place: placeOf(environment), kinds, limit }, signal),
    page: async ({ environment, kinds, before, limit }) =>
      timeline.page({ place: placeOf(environment), kinds, before, limit }),
    boots: async ({ environment }) => listBoots(history, placeOf(environment), 20),
    keptLogs: async ({ environment, service }) => listKeptLogs(history, placeOf(environment), service ?? null),
    keptLog: async ({ environment, id }) => {
      const log = findKeptLog(history, placeOf(environment), id);
      if (!log) throw unknownEntry('kept log', id);
      return { text: maskText(log.toString('utf8')) };
    },
  };
}

export function createAuditHandlers({
  audit,
  history,
  placeOf,
}: {
  audit: AuditLog;
  history: History;
  placeOf: (environment: string) => string;
}): HandlersOf<Operations['audit']> {
  return {
    list: async ({ environment, before, limit }) => {
      const place = environment === null ? null : placeOf(environment);
      const entries = audit.list({ place, before, limit: limit + 1 });
      const last = entries.length > limit ? entries[limit - 1] : undefined;
      return {
        entries: entries.slice(0, limit),
        next: last ? { at: last.at, id: last.id } : null,
        history: history.state.current,
      };
    },
    detail: async ({ id }) => {
      const detail = audit.find(id);
      if (!detail) throw unknownEntry('audit entry', id);
      return detail;
    },
  };
}

function unknownEntry(what: string, id: string): GatehouseError {
  return new GatehouseError({
    code: 'entry-unknown',
    message: `There is no ${what} ${id.slice(0, 64)}.`,
    remedy: 'It may have been removed, since the history is bounded; open the timeline again.',
  });
}
