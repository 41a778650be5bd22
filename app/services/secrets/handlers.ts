import type { HandlersOf, Operations } from '../../contract/index.ts';
import type { ReplayTokens } from './replayTokens.ts';
import type { SecretKeeper } from './secretKeeper.ts';

export interface SecretsHandlerDeps {
  keeper: Pick<SecretKeeper, 'about'>;
  tokens: ReplayTokens;
  /** Engine and project of an environment. */
  placeOf(environment: string): string;
}

export function createSecretsHandlers({
  keeper,
  tokens,
  placeOf,
}: SecretsHandlerDeps): HandlersOf<Operations['secrets']> {
  return {
    async about() {
      const [{ keeps, detail, damage }, kept] = await Promise.all([keeper.about(), tokens.list()]);
      return { keeps, detail, damage, kept };
    },
    async find({ environment }) {
      const place = placeOf(environment);
      return { keptAt: (await tokens.list()).find((one) => one.place === place)?.keptAt ?? null };
    },
    keepToken: ({ environment, bearerToken }) => tokens.keep(placeOf(environment), bearerToken),
    forgetToken: ({ place }) => tokens.forget(place),
  };
}
