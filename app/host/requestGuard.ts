// Decides whether a request may pass, before anything else looks at it. Pure: plain data in, a decision out.
// The attacks it stands against are listed in requestGuard.test.ts.

export interface GuardedRequest {
  readonly method: string;
  /** The request target exactly as received (RFC 9112, section 3.2). */
  readonly target: string;
  /** Names and values as received, duplicates included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly remoteAddress: string | undefined;
  /** The port that this host listens on. */
  readonly port: number;
  /** Whether the caller asks for a WebSocket. */
  readonly upgrade: boolean;
}

interface Refusal {
  readonly allow: false;
  readonly status: number;
  /** Stable, kebab-case. */
  readonly code: string;
  readonly reason: string;
}

export type Decision = { readonly allow: true; readonly path: string; readonly host: string } | Refusal;

const MAX_TARGET_LENGTH = 8192;
const POST_PATHS = ['/session', '/session/code'];
const SOCKET_PATH = '/api';

/** Every check in order; the first refusal holds. Guarantees for what passes: `host` is one of our own names. */
export function decide(request: GuardedRequest): Decision {
  const host = single(request, 'host');
  const refusal =
    checkPeer(request) ??
    checkHost(request, host) ??
    checkTarget(request.target) ??
    checkMethod(request) ??
    checkOrigin(request, `http://${host}`) ??
    checkFetchMetadata(request) ??
    checkContentType(request);
  return refusal ?? { allow: true, path: pathOf(request.target), host: host ?? '' };
}

function refuse(status: number, code: string, reason: string): Refusal {
  return { allow: false, status, code, reason };
}

function valuesOf(request: GuardedRequest, name: string): string[] {
  return request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/** The value of a header that occurs once; undefined when it is missing or repeated. */
function single(request: GuardedRequest, name: string): string | undefined {
  const values = valuesOf(request, name);
  return values.length === 1 ? values[0] : undefined;
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? target;
}

/** The server binds to loopback; this holds even if a proxy or a changed bind address gets in between. */
function checkPeer({ remoteAddress }: GuardedRequest): Refusal | undefined {
  const address = remoteAddress?.replace(/^::ffff:/i, '') ?? '';
  if (address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address)) return undefined;
  return refuse(403, 'peer-not-local', 'only programs on this machine may connect');
}

/**
 * DNS rebinding: a hostile name that resolves to 127.0.0.1 reaches us with its own name in Host.
 * Exact comparison, so no normalisation of ours can be tricked: browsers send lower case and no trailing dot.
 */
function checkHost(request: GuardedRequest, host: string | undefined): Refusal | undefined {
  if (valuesOf(request, 'host').length > 1) return refuse(400, 'host-repeated', 'several Host headers');
  const own = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${request.port}`);
  if (host !== undefined && own.includes(host)) return undefined;
  // RFC 9110, section 15.5.20: not a server for this authority.
  return refuse(421, 'host-not-allowed', `open http://127.0.0.1:${request.port} instead; other names are refused`);
}

function checkTarget(target: string): Refusal | undefined {
  if (target.length > MAX_TARGET_LENGTH) return refuse(414, 'target-too-long', 'the request target is too long');
  // Absolute form (proxy requests), authority form (CONNECT) and asterisk form are for other kinds of servers.
  if (!target.startsWith('/') || target.startsWith('//')) {
    return refuse(400, 'target-not-a-path', 'the request target must be a path');
  }
  // RFC 3986, section 3.3 in printable ASCII; a fragment never travels.
  if (!/^[!-~]+$/.test(target) || /[\\#"<>`{}|^]/.test(pathOf(target))) {
    return refuse(400, 'target-malformed', 'the request target holds characters that must be encoded');
  }
  return checkPath(pathOf(target));
}

/** Files are looked up in a list and never by joining paths; this is the second lock on that door. */
function checkPath(path: string): Refusal | undefined {
  const malformed = refuse(400, 'target-malformed', 'the path holds an encoding that is not allowed');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return malformed;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here.
  if (/[\u0000-\u001f\u007f\\]/.test(decoded)) return malformed;
  // Encoded twice: `%252e%252e%252f` decodes to `%2e%2e%2f`.
  if (/%(?:2e|2f|5c|00)/i.test(decoded)) return malformed;
  if (decoded.split('/').some((segment) => segment === '.' || segment === '..')) return malformed;
  return undefined;
}

/** The methods that a path takes, for the decision and the Allow header. */
export function allowedMethods(path: string): string[] {
  return POST_PATHS.includes(path) ? ['POST'] : ['GET', 'HEAD'];
}

function checkMethod(request: GuardedRequest): Refusal | undefined {
  const path = pathOf(request.target);
  if (request.upgrade) {
    if (path !== SOCKET_PATH || request.method !== 'GET') {
      return refuse(404, 'socket-not-here', `WebSockets are served at ${SOCKET_PATH} only`);
    }
    return undefined;
  }
  if (path === SOCKET_PATH) return refuse(426, 'socket-expected', `${SOCKET_PATH} speaks WebSocket only`);
  const allowed = allowedMethods(path);
  if (allowed.includes(request.method)) return undefined;
  return refuse(405, 'method-not-allowed', `${path} takes ${allowed.join(' and ')}`);
}

/** Cross-site request forgery and cross-site WebSocket hijacking: the page must come from this very origin. */
function checkOrigin(request: GuardedRequest, own: string): Refusal | undefined {
  const origins = valuesOf(request, 'origin');
  const required = request.upgrade || request.method === 'POST';
  if (origins.length === 0 && !required) return undefined;
  if (origins.length === 0) return refuse(403, 'origin-missing', 'an Origin header is required here');
  if (origins.length === 1 && origins[0] === own) return undefined;
  return refuse(403, 'origin-not-allowed', 'requests of other sites are refused');
}

/** Requests without Origin (images, scripts, navigation) say where they come from in Fetch Metadata. */
function checkFetchMetadata(request: GuardedRequest): Refusal | undefined {
  const sites = valuesOf(request, 'sec-fetch-site');
  if (sites.length === 0) return undefined;
  if (sites.length === 1 && (sites[0] === 'same-origin' || sites[0] === 'none')) return undefined;
  return refuse(403, 'cross-site', 'another site led here; open the address yourself');
}

/** A form can post text/plain or urlencoded across sites without asking first, but never JSON. */
function checkContentType(request: GuardedRequest): Refusal | undefined {
  if (request.method !== 'POST') return undefined;
  const type = single(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return undefined;
  return refuse(415, 'content-type-not-json', 'send application/json');
}
