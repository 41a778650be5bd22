// Bearer tokens for replays, one a place. By the place, not by the environment's id: a context that leads to another engine
// tomorrow must not be sent today's token.
import { notKept, type SecretKeeper } from './secretKeeper.ts';

const PREFIX = 'replay-token ';

export interface ReplayTokens {
  keep(place: string, token: string): Promise<void>;
  /** Throws `secret-not-kept` where there is none, or none that can be read. */
  get(place: string): Promise<string>;
  forget(place: string): Promise<void>;
  list(): Promise<{ place: string; keptAt: number }[]>;
}

export function createReplayTokens(keeper: SecretKeeper): ReplayTokens {
  return {
    keep: (place, token) => keeper.keep(PREFIX + place, token),
    async get(place) {
      const token = await keeper.recall(PREFIX + place);
      if (token === undefined) throw notKept('No token is kept for this environment.', 'Give one with the replay.');
      return token;
    },
    forget: (place) => keeper.forget(PREFIX + place),
    async list() {
      const { kept } = await keeper.about();
      return kept.flatMap(({ name, keptAt }) =>
        name.startsWith(PREFIX) ? [{ place: name.slice(PREFIX.length), keptAt }] : [],
      );
    },
  };
}
