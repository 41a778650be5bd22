// The secrets of the operator that outlive the program: sealed by Electron's safeStorage, in one 0600 file, opened for the
// host alone. No page and no bridge leads here.
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ElectronSeam } from './electronSeam.ts';
import type { SecretCall } from './secretCalls.ts';
import { decideKeeping, formatSecretFile, type Keeping, parseSecretFile, type SealedSecret } from './secretPolicy.ts';

export interface KeptSecrets {
  /** Rejects with a sentence for the operator. */
  answer(call: SecretCall): Promise<unknown>;
}

export interface KeptSecretsParts {
  readonly path: string;
  readonly platform: NodeJS.Platform;
}

const MAX_FILE_BYTES = 4 * 1024 * 1024;

export function openKeptSecrets(
  { safeStorage }: Pick<ElectronSeam, 'safeStorage'>,
  { path, platform }: KeptSecretsParts,
): KeptSecrets {
  const found = read(path);
  const secrets = found.secrets;
  let { damage } = found;

  async function look(): Promise<Keeping> {
    const isAvailable = await safeStorage.isAsyncEncryptionAvailable().catch(() => false);
    const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : undefined;
    return decideKeeping({ platform, isAvailable, backend });
  }

  async function keep(name: string, value: string): Promise<void> {
    const { keeps, detail } = await look();
    if (!keeps) throw new Error(detail);
    const sealed = (await safeStorage.encryptStringAsync(value)).toString('base64');
    secrets.delete(name);
    secrets.set(name, { sealed, keptAt: Date.now() });
    // What could not be read is put beside, not lost: it may be of a newer version.
    if (damage !== null) renameSync(path, `${path}.unreadable`);
    damage = null;
    write(path, secrets);
  }

  async function recall(name: string): Promise<string | undefined> {
    const one = secrets.get(name);
    if (one === undefined) return undefined;
    const { keeps, detail } = await look();
    if (!keeps) throw new Error(detail);
    try {
      return (await safeStorage.decryptStringAsync(Buffer.from(one.sealed, 'base64'))).result;
    } catch {
      throw new Error(
        'What was kept cannot be opened with the key of this system any more; forget it and give it anew.',
      );
    }
  }

  return {
    async answer(call) {
      if (call.call === 'keep') return keep(call.name, call.value);
      if (call.call === 'recall') return recall(call.name);
      if (call.call === 'forget') {
        if (secrets.delete(call.name)) write(path, secrets);
        return undefined;
      }
      const kept = [...secrets].map(([name, { keptAt }]) => ({ name, keptAt }));
      return { ...(await look()), damage, kept };
    },
  };
}

function read(path: string): { secrets: Map<string, SealedSecret>; damage: string | null } {
  const damaged = (why: string) => ({ secrets: new Map<string, SealedSecret>(), damage: `${path} ${why}` });
  try {
    if (statSync(path).size > MAX_FILE_BYTES) return damaged('is larger than anything that was kept');
    const secrets = parseSecretFile(readFileSync(path, 'utf8'));
    return secrets ? { secrets, damage: null } : damaged('is damaged: what was kept in it has to be given anew');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { secrets: new Map(), damage: null };
    return damaged('cannot be read: what was kept in it has to be given anew');
  }
}

/** Beside and renamed: a power cut leaves the old file or the new one. Throws, since a secret that is not written is lost. */
function write(path: string, secrets: ReadonlyMap<string, SealedSecret>): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, formatSecretFile(secrets), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
