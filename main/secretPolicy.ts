// Whether secrets may be kept at all, and what a file of kept ones says. Pure.

export interface StoreFacts {
  readonly platform: NodeJS.Platform;
  readonly isAvailable: boolean;
  /** What Electron has chosen, on Linux alone. */
  readonly backend: string | undefined;
}

export interface Keeping {
  readonly keeps: boolean;
  /** What seals them, or why none are kept. */
  readonly detail: string;
}

const STORES: Readonly<Record<string, string>> = {
  darwin: 'the Keychain of macOS',
  win32: 'the data protection of Windows (DPAPI), with the key of this user',
  gnome_libsecret: 'the key ring of the desktop (libsecret)',
  kwallet: 'KWallet',
  kwallet5: 'KWallet',
  kwallet6: 'KWallet',
};

/** Never with a key that others have: what cannot be sealed is not kept. */
export function decideKeeping({ platform, isAvailable, backend = 'unknown' }: StoreFacts): Keeping {
  // Electron then encrypts with a password that stands in its sources, and calls that available.
  if (platform === 'linux' && backend === 'basic_text') {
    const detail =
      "Not kept: no key ring was found (Electron's backend is basic_text, which seals with a password that everybody knows). " +
      'Start GNOME Keyring or KWallet, then Gatehouse.';
    return { keeps: false, detail };
  }
  const store = STORES[platform === 'linux' ? backend : platform];
  if (store !== undefined && isAvailable) return { keeps: true, detail: `Sealed by ${store}.` };
  return { keeps: false, detail: 'Not kept: the key store of this system cannot be used now; it may be locked.' };
}

export interface SealedSecret {
  readonly sealed: string;
  /** Epoch ms. */
  readonly keptAt: number;
}

const MAX_SECRETS = 100;

/** undefined: it is no file of ours. A single entry that is wrong costs itself alone. */
export function parseSecretFile(text: string): Map<string, SealedSecret> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { version, secrets } = (value ?? {}) as { version?: unknown; secrets?: unknown };
  if (version !== 1 || typeof secrets !== 'object' || secrets === null) return undefined;
  return new Map(Object.entries(secrets).filter(isEntry).slice(0, MAX_SECRETS));
}

function isEntry(entry: [string, unknown]): entry is [string, SealedSecret] {
  const { sealed, keptAt } = (entry[1] ?? {}) as Record<string, unknown>;
  return typeof sealed === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(sealed) && Number.isSafeInteger(keptAt);
}

export function formatSecretFile(secrets: ReadonlyMap<string, SealedSecret>): string {
  return `${JSON.stringify({ version: 1, secrets: Object.fromEntries([...secrets].slice(-MAX_SECRETS)) })}\n`;
}
