// What a relay may be asked to connect to. Pure: the program only dials what this has allowed.

export type Target = { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };
export type TargetDecision = { kind: 'allowed'; target: Target } | { kind: 'refused'; reason: string };

export interface TargetRules {
  /** The admin socket of the gateway in this container; null when the environment names none. */
  readonly adminSocket: string | null;
  readonly allowsTcp: boolean;
}

/** The text of an OPEN frame: `unix:/path`, `tcp:host:port` or `tcp:[::1]:port`. */
export function decideTarget(text: string, { adminSocket, allowsTcp }: TargetRules): TargetDecision {
  const target = parseTarget(text);
  if (!target) return refused(`${quote(text)} is no target; write unix:/path or tcp:host:port`);
  if (target.kind === 'tcp') {
    if (allowsTcp) return { kind: 'allowed', target };
    return refused(`${quote(text)} is not allowed; this relay was started without --allow tcp`);
  }
  if (adminSocket === null) {
    return refused(`${quote(text)} is not allowed; GATEHOUSE_ADMIN_SOCKET names no socket in this container`);
  }
  // Compared as text: any other spelling of the path is refused rather than resolved.
  if (target.path === adminSocket) return { kind: 'allowed', target };
  return refused(`${quote(text)} is not allowed; of sockets, this relay reaches ${adminSocket} alone`);
}

/**
 * Where containers are local processes, a file says which address stands for `name:port`. Nothing else is dialled then:
 * this machine has more on its loopback than the stack.
 */
export function resolveTarget(
  target: Target,
  findAll: (authority: string) => readonly string[] | null,
): TargetDecision {
  if (target.kind === 'unix') return { kind: 'allowed', target };
  const [address] = findAll(`${target.host}:${target.port}`) ?? [];
  const found = address === undefined ? undefined : parseTarget(`tcp:${address}`);
  return found ? { kind: 'allowed', target: found } : refused(`${quote(target.host)} has no port ${target.port} here`);
}

function refused(reason: string): TargetDecision {
  return { kind: 'refused', reason };
}

function parseTarget(text: string): Target | undefined {
  if (/^unix:\/[^\0]*$/.test(text)) return { kind: 'unix', path: text.slice('unix:'.length) };
  const match = /^tcp:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]{1,253})):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host && port >= 1 && port <= 65_535 ? { kind: 'tcp', host, port } : undefined;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
