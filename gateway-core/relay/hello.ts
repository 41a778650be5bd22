// The first frame of each side: who speaks, in which version, and what a relay may be asked for.
import { protocolVersion, RelayProtocolError } from './frame.ts';

export interface RelayHello {
  readonly protocol: number;
  /** Of the relay: the path of the admin socket that it reaches; null when it knows none, and from the console. */
  readonly adminSocket: string | null;
  /** Of the relay: whether it was started with `--allow tcp`. */
  readonly allowsTcp: boolean;
}

const pathLimit = 512;

export function encodeHello(hello: RelayHello): Buffer {
  return Buffer.from(JSON.stringify(hello), 'utf8');
}

/** Throws RelayProtocolError when it is none, or of another version. */
export function parseHello(payload: Buffer): RelayHello {
  const { protocol, adminSocket, allowsTcp } = parseObject(payload);
  if (protocol !== protocolVersion) {
    throw new RelayProtocolError(
      `the other side speaks version ${String(protocol).slice(0, 20)}, this one version ${protocolVersion}`,
    );
  }
  return {
    protocol: protocolVersion,
    adminSocket: typeof adminSocket === 'string' && adminSocket.length <= pathLimit ? adminSocket : null,
    allowsTcp: allowsTcp === true,
  };
}

function parseObject(payload: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RelayProtocolError('the first frame is no greeting');
}
