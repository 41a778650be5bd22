// Where the window may go. Pure; by parsed origin, since text comparison takes `http://127.0.0.1:7788@evil.com` for ours.

export type Navigation = 'inside' | 'browser' | 'refuse';

/** `inside`: the console itself. `browser`: a link of the console to the web. Everything else is refused. */
export function decideNavigation(target: string, hostUrl: string): Navigation {
  if (!URL.canParse(target)) return 'refuse';
  const url = new URL(target);
  // `origin` of javascript:, data: and file: is the text "null", which equals no host's.
  if (url.origin === new URL(hostUrl).origin && url.username === '' && url.password === '') return 'inside';
  // Only encrypted pages, and never with a name and password in the address.
  if (url.protocol === 'https:' && url.username === '' && url.password === '') return 'browser';
  return 'refuse';
}
