// Makes the gateway's pair of keys, once, for places where nobody has: the private one where the gateway alone can read it,
// the public one where services do. It ends when it is done.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Environment } from '../kit/environment.ts';
import type { Program, Running } from '../kit/program.ts';

interface KeyFiles {
  privateFile: string;
  publicFile: string;
}

export async function runIdentityKeys(program: Program): Promise<Running> {
  const files = findKeyFiles(program.environment);
  const outcome = ensureIdentityKeys(files);
  program.log('info', outcome === 'made' ? 'a new pair of keys was made' : 'the pair of keys is there; it stays', {
    private: files.privateFile,
    public: files.publicFile,
  });
  return { close() {} };
}

/** The private one is named as the gateway is told of it. The public one not as a service is: this program has none yet. */
function findKeyFiles({ GATEHOUSE_IDENTITY_KEY_FILE, GATEHOUSE_IDENTITY_PUBLIC_FILE }: Environment): KeyFiles {
  if (!GATEHOUSE_IDENTITY_KEY_FILE || !GATEHOUSE_IDENTITY_PUBLIC_FILE) {
    throw new Error(
      'say where the keys go: set GATEHOUSE_IDENTITY_KEY_FILE (private) and GATEHOUSE_IDENTITY_PUBLIC_FILE (public)',
    );
  }
  return { privateFile: GATEHOUSE_IDENTITY_KEY_FILE, publicFile: GATEHOUSE_IDENTITY_PUBLIC_FILE };
}

/** What is there stays: another key would have every request refused until each service has read it. */
export function ensureIdentityKeys({ privateFile, publicFile }: KeyFiles): 'made' | 'kept' {
  const kept = readKey(privateFile);
  const key = kept ?? generateKeyPairSync('ed25519').privateKey;
  if (kept === undefined) writeWhole(privateFile, key.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  writeWhole(publicFile, createPublicKey(key).export({ type: 'spki', format: 'pem' }), 0o644);
  return kept === undefined ? 'made' : 'kept';
}

/** Throws when there is a file and it is no such key: to write over it could lose what somebody needs. */
function readKey(path: string): KeyObject | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const key = createPrivateKey(text);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} holds no Ed25519 key; move it away`);
  return key;
}

/** Nobody ever reads half of it. */
function writeWhole(path: string, content: string | Buffer, mode: number): void {
  const beside = `${path}.new`;
  writeFileSync(beside, content, { mode });
  renameSync(beside, path);
}
