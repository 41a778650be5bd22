// Which requests are an operator's repetition of another one. Known by a mark that this process made and saw once, so that
// no caller can keep a request out of the figures by a header of his own.
import { randomBytes } from 'node:crypto';
import { type HeaderList, valuesOf } from '../headers/headerList.ts';

export const REPLAY_HEADER = 'x-gatehouse-replay';
/** A person sends one after the other. */
const PENDING_LIMIT = 16;

export interface Replays {
  /** A mark for the repetition of an exchange; undefined while as many as may wait are on their way. */
  issue(replayOf: string): Mark | undefined;
  /** The exchange that a request repeats; null for everybody else's, whatever they claim. Takes the mark. */
  take(headers: HeaderList, exchangeId: string): string | null;
}

export interface Mark {
  readonly value: string;
  /** The exchange that carried it; null while none has. */
  readonly exchangeId: string | null;
  /** It does not count any more. */
  end(): void;
}

export function createReplays(): Replays {
  const pending = new Map<string, { replayOf: string; exchangeId: string | null; isTaken: boolean }>();
  return {
    issue(replayOf) {
      if (pending.size >= PENDING_LIMIT) return undefined;
      const value = randomBytes(16).toString('hex');
      const entry = { replayOf, exchangeId: null, isTaken: false };
      pending.set(value, entry);
      return {
        value,
        get exchangeId() {
          return entry.exchangeId;
        },
        end: () => void pending.delete(value),
      };
    },
    take(headers, exchangeId) {
      // Nearly always: the data path looks at no header for this.
      if (pending.size === 0) return null;
      const [value, ...others] = valuesOf(headers, REPLAY_HEADER);
      const entry = value !== undefined && others.length === 0 ? pending.get(value) : undefined;
      if (!entry || entry.isTaken) return null;
      entry.isTaken = true;
      entry.exchangeId = exchangeId;
      return entry.replayOf;
    },
  };
}
