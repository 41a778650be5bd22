// The engine's events as Docker writes them, kept for `since` and handed to whoever follows.
import type { ServerResponse } from 'node:http';
import { type Filters, passesAny, passesLabels } from '../http/filters.ts';
import { createJournal, follow, type Journal } from './journal.ts';
import { writeBounded } from './writeBounded.ts';

export interface EngineEvent {
  Type: 'container' | 'network' | 'volume';
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
  scope: 'local';
  time: number;
  timeNano: number;
  /** The three fields of before API 1.22, which clients still read. */
  status?: string;
  id?: string;
  from?: string;
}

export interface EventLog {
  journal: Journal<EngineEvent>;
  emit(type: EngineEvent['Type'], action: string, actor: EngineEvent['Actor']): void;
}

const CAPACITY_BYTES = 512 * 1024;

export function createEventLog(now: () => number = Date.now): EventLog {
  const journal = createJournal<EngineEvent>(CAPACITY_BYTES);
  let lastMicros = 0;
  return {
    journal,
    emit(type, action, actor) {
      lastMicros = Math.max(now() * 1000, lastMicros + 1);
      const event: EngineEvent = {
        ...(type === 'container' ? { status: action, id: actor.ID, from: actor.Attributes.image ?? '' } : {}),
        Type: type,
        Action: action,
        Actor: actor,
        scope: 'local',
        time: Math.floor(lastMicros / 1_000_000),
        timeNano: lastMicros * 1_000,
      };
      journal.append(event, JSON.stringify(event).length);
    },
  };
}

export const EVENT_FILTERS = ['type', 'event', 'container', 'label', 'network', 'volume', 'image'];

export function passesEvent(filters: Filters, event: EngineEvent): boolean {
  const { ID: id, Attributes: attributes } = event.Actor;
  const isNamed = (type: string) => (wanted: string) =>
    event.Type === type && (attributes.name === wanted || (wanted.length > 0 && id.startsWith(wanted)));
  return (
    passesAny(filters, 'type', (wanted) => event.Type === wanted) &&
    // `health_status` stands for `health_status: healthy` too.
    passesAny(filters, 'event', (wanted) => event.Action === wanted || event.Action.startsWith(`${wanted}:`)) &&
    passesAny(filters, 'container', isNamed('container')) &&
    passesAny(filters, 'network', isNamed('network')) &&
    passesAny(filters, 'volume', isNamed('volume')) &&
    passesAny(filters, 'image', (wanted) => attributes.image === wanted) &&
    passesLabels(filters, attributes)
  );
}

export interface EventQuery {
  filters: Filters;
  /** null: only what comes from now on. */
  sinceMicros: number | null;
  /** null: until the client goes. */
  untilMicros: number | null;
}

export async function writeEvents(
  log: EventLog,
  query: EventQuery,
  options: { response: ServerResponse; signal: AbortSignal; position: number },
): Promise<void> {
  const { response, signal } = options;
  const until = query.untilMicros ?? Number.POSITIVE_INFINITY;
  const isLive = () => Date.now() * 1_000 < until;
  // Nothing may happen at the very moment at which the client wants the stream to end.
  const timer = Number.isFinite(until)
    ? setTimeout(() => log.journal.wake(), Math.min(Math.max(until / 1_000 - Date.now() + 1, 0), 0x7fffffff))
    : undefined;
  try {
    for await (const event of follow(log.journal, options.position, { isLive, signal })) {
      // Nanoseconds since 1970 exceed what a number holds exactly: rounded, or an event is missed at the very `since`.
      const micros = Math.round(event.timeNano / 1_000);
      if (micros > until) return;
      if (micros < (query.sinceMicros ?? 0) || !passesEvent(query.filters, event)) continue;
      await writeBounded(response, `${JSON.stringify(event)}\n`, signal);
    }
  } finally {
    clearTimeout(timer);
  }
}
