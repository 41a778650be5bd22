// Who keeps secrets beyond the life of this host: the desktop window, by the system's key store, and nobody else.
import { GatehouseError, type SecretsAbout } from '../../contract/index.ts';

export interface SecretKeeper {
  about(): Promise<Pick<SecretsAbout, 'keeps' | 'detail' | 'damage'> & { kept: { name: string; keptAt: number }[] }>;
  /** Throws `secret-not-kept`, as the two below. */
  keep(name: string, value: string): Promise<void>;
  /** undefined: there is none of this name. */
  recall(name: string): Promise<string | undefined>;
  forget(name: string): Promise<void>;
}

export function notKept(why: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'secret-not-kept', message: why, remedy });
}

const ALONE = 'This host runs without the desktop window, which alone can ask the key store of the system.';

/** A file beside the history would lie there plain: whoever reads a backup of it would have the token. */
export const absentKeeper: SecretKeeper = {
  about: async () => ({ keeps: false, detail: ALONE, damage: null, kept: [] }),
  async keep() {
    throw notKept(ALONE, 'Open the console with `gatehouse desktop`, or give the token with each replay.');
  },
  recall: async () => undefined,
  forget: async () => undefined,
};
