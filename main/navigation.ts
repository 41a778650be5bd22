// Where the window may go. Pure; by parsed origin, since text comparison takes `http://127.0.0.1:7788@evil.com` for ours.

export type Navigation =
  /** The console itself. */
  | { readonly to: 'inside' }
  /** A page for the default browser, as parsed: what was decided about is what is opened. */
  | { readonly to: 'browser'; readonly url: string }
  | { readonly to: 'nowhere' };

/**
 * What a link of the console may open outside: documentation of what it operates. A list and not "any https", since
 * container names, labels and logs are strangers' texts, and a link in them must not reach the operator's browser.
 */
const DOCUMENTATION: readonly { readonly origin: string; readonly path: string }[] = [
  { origin: 'https://docs.docker.com', path: '/' },
  { origin: 'https://nginx.org', path: '/en/docs/' },
  { origin: 'https://prometheus.io', path: '/docs/' },
  { origin: 'https://grafana.com', path: '/docs/' },
  { origin: 'https://www.jaegertracing.io', path: '/docs/' },
  { origin: 'https://opentelemetry.io', path: '/docs/' },
];

/** Longer than any address of ours; what is longer is not looked at. */
const MAX_ADDRESS_LENGTH = 8192;

/** `hostUrl` is undefined while no host runs: then nothing is inside. */
export function decideNavigation(target: string, hostUrl: string | undefined): Navigation {
  const url = parseAddress(target);
  if (url === undefined) return { to: 'nowhere' };
  if (isConsole(url, hostUrl)) return { to: 'inside' };
  const isDocumented = DOCUMENTATION.some(({ origin, path }) => url.origin === origin && url.pathname.startsWith(path));
  return isDocumented ? { to: 'browser', url: url.href } : { to: 'nowhere' };
}

/** The console saves what it made itself (a blob of its own origin) or what its host serves; nothing else is saved. */
export function mayDownload(target: string, hostUrl: string | undefined): boolean {
  // A blob's address is `blob:` and the address of the page that made it (File API, section 8.3).
  const url = parseAddress(target.replace(/^blob:/, ''));
  return url !== undefined && isConsole(url, hostUrl);
}

/** The origin of an address of the console; undefined for any other address. */
export function findConsoleOrigin(target: string, hostUrl: string | undefined): string | undefined {
  const url = parseAddress(target);
  return url && isConsole(url, hostUrl) ? url.origin : undefined;
}

function parseAddress(target: string): URL | undefined {
  if (target.length > MAX_ADDRESS_LENGTH || !URL.canParse(target)) return undefined;
  const url = new URL(target);
  // Names and passwords in an address only serve to dress it up as another.
  return url.username === '' && url.password === '' ? url : undefined;
}

function isConsole(url: URL, hostUrl: string | undefined): boolean {
  // The protocol too: the origin of `blob:http://127.0.0.1:7788/…` is the console's own.
  return hostUrl !== undefined && url.protocol === 'http:' && url.origin === new URL(hostUrl).origin;
}

/** The address of a host at a path of the console, with its query; the code in its fragment stays. */
export function toPlace(entryUrl: string, path: string): string {
  const entry = new URL(entryUrl);
  const { pathname, search } = new URL(path, entry.origin);
  entry.pathname = pathname;
  entry.search = search;
  return entry.href;
}

/** The address of a restarted host, at the place where the window was. */
export function toSamePlace(entryUrl: string, lastUrl: string): string {
  const entry = new URL(entryUrl);
  const last = parseAddress(lastUrl);
  if (last?.protocol !== 'http:' || last.hostname !== entry.hostname) return entryUrl;
  entry.pathname = last.pathname;
  entry.search = last.search;
  return entry.href;
}
