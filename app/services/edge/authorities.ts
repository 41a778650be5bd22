// The authorities against which the edge's certificate is checked: those of this machine, and the stack's own.
import { X509Certificate } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { Inspected } from '../docker/observed.ts';

const fileLimit = 64 * 1024;
const namesOfAuthorities = ['ca.crt', 'ca.pem', 'rootCA.pem'];
let known: SecureContext | undefined;

/** Node's own list, which is Mozilla's, and what this machine adds. Made once: it is several hundred certificates. */
export function publicAuthorities(): SecureContext {
  known ??= createSecureContext({ ca: [...getCACertificates('bundled'), ...getCACertificates('system')] });
  return known;
}

/** Where the stack's own authority may lie: as the files say, else beside the certificate that is mounted. Pure. */
export function findAuthorityFiles(
  { Mounts }: Pick<Inspected, 'Mounts'>,
  said: string | null,
  folder: string | null,
): string[] {
  if (said !== null) return isAbsolute(said) ? [said] : folder === null ? [] : [join(folder, said)];
  const mounted = (Mounts ?? []).filter(({ Destination }) => /\.(crt|pem|cer)$/.test(Destination));
  const folders = new Set(mounted.map(({ Source }) => dirname(Source)).filter(isAbsolute));
  return [...folders].flatMap((beside) => namesOfAuthorities.map((name) => join(beside, name)));
}

/** The first that is a certificate of an authority; undefined where there is none. Only for an engine of this machine. */
export async function readAuthority(files: readonly string[]): Promise<SecureContext | undefined> {
  for (const file of files.slice(0, 12)) {
    const text = await readBounded(file);
    if (text !== undefined && isAuthority(text)) return createSecureContext({ ca: text });
  }
  return undefined;
}

/** More than a certificate is none. */
async function readBounded(file: string): Promise<Buffer | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(fileLimit), 0, fileLimit, 0);
      return bytesRead < fileLimit ? buffer.subarray(0, bytesRead) : undefined;
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

function isAuthority(text: Buffer): boolean {
  try {
    return new X509Certificate(text).ca;
  } catch {
    return false;
  }
}
