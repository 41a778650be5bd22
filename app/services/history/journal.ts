// What an open environment writes into the history, under the place where it is: engine and project.
import { addHappening, type Happening } from './happenings.ts';
import type { History } from './history.ts';
import { beginWatch, type Watch } from './watches.ts';

export interface Journal {
  add(happening: Happening): void;
  /** The engine is heard: what happens now is seen. */
  confirmWatched(): void;
  /** The engine is not heard any more; the next confirmation begins a new span. */
  loseSight(): void;
}

/** `findPlace` is asked each time: which engine the machine's settings mean may change. */
export function createJournal(history: History, findPlace: () => string, now: () => number): Journal {
  let current: { place: string; watch: Watch } | undefined;
  return {
    add: (happening) => addHappening(history, findPlace(), happening),
    confirmWatched() {
      const place = findPlace();
      if (current?.place === place) current.watch.confirm();
      else current = { place, watch: beginWatch(history, place, now) };
    },
    loseSight() {
      current = undefined;
    },
  };
}
