// How this window gets its session: a one-time code in the address, what it kept, another tab, or a locked page.

const TOKEN_KEY = 'gatehouse.token';
const CHANNEL = 'gatehouse.session';
const OTHER_TABS_MS = 300;
const ASK_AGAIN_MS = 1_000;

export type SessionSource = { from: 'code'; code: string } | { from: 'kept'; token: string } | { from: 'otherTabs' };

/** Pure: where to take the session from. A code in the address is newer than what the window kept. */
export function chooseSessionSource(fragment: string, keptToken: string | null): SessionSource {
  const code = parseCode(new URLSearchParams(fragment.replace(/^#/, '')).get('code') ?? '');
  if (code) return { from: 'code', code };
  if (keptToken) return { from: 'kept', token: keptToken };
  return { from: 'otherTabs' };
}

/** A code as typed or pasted, also out of a whole URL; null when it is none. */
export function parseCode(text: string): string | null {
  const inUrl = /#code=([^&\s]+)/.exec(text)?.[1];
  const code = (inUrl ?? text).trim().toUpperCase();
  return /^[A-Z0-9]{3,}(-[A-Z0-9]{3,})*$/.test(code) ? code : null;
}

/** The address without the code, so that no reload, bookmark or screenshot carries it. */
export function addressWithoutFragment(location: { pathname: string; search: string }): string {
  return `${location.pathname}${location.search}`;
}

export interface SessionResult {
  token: string | null;
  /** Why a code was not taken. */
  problem: string | null;
}

/** Finds the session of this window. Never rejects. */
export async function findSession(): Promise<SessionResult> {
  const source = chooseSessionSource(location.hash, sessionStorage.getItem(TOKEN_KEY));
  let problem: string | null = null;
  if (source.from === 'code') {
    history.replaceState(history.state, '', addressWithoutFragment(location));
    const exchanged = await exchangeCode(source.code);
    if (exchanged.token) return exchanged;
    problem = exchanged.problem;
  }
  const kept = sessionStorage.getItem(TOKEN_KEY);
  if (kept) return { token: kept, problem: null };
  const token = await askOtherTabs();
  if (token) keepSession(token);
  return { token, problem: token ? null : problem };
}

/** Trades a one-time code for a session and keeps it in this window. */
export async function exchangeCode(code: string): Promise<SessionResult> {
  try {
    const response = await fetch('/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    const body = (await response.json().catch(() => ({}))) as { token?: unknown; message?: unknown };
    if (response.ok && typeof body.token === 'string') {
      keepSession(body.token);
      return { token: body.token, problem: null };
    }
    const said = typeof body.message === 'string' ? body.message : 'The code was used already or is too old.';
    return { token: null, problem: said };
  } catch {
    return { token: null, problem: 'The host does not answer. Check that `gatehouse serve` runs.' };
  }
}

export function forgetSession(): void {
  sessionStorage.removeItem(TOKEN_KEY);
}

/** Windows of this very origin (port included) share a session: who has one answers who asks. */
export function answerOtherTabs(): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const token = sessionStorage.getItem(TOKEN_KEY);
    if (token && isMessage(event.data, 'ask')) channel.postMessage({ kind: 'answer', token });
  };
  return () => channel.close();
}

/**
 * For a window that is locked: a busy one answers late, and another may be opened meanwhile. Asks until it is stopped.
 */
export function keepAskingOtherTabs(onToken: (token: string) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<unknown>) => {
    if (isMessage(event.data, 'answer') && typeof event.data.token === 'string') onToken(event.data.token);
  };
  const ask = () => channel.postMessage({ kind: 'ask' });
  const timer = setInterval(ask, ASK_AGAIN_MS);
  ask();
  return () => {
    clearInterval(timer);
    channel.close();
  };
}

export function keepSession(token: string): void {
  sessionStorage.setItem(TOKEN_KEY, token);
}

function askOtherTabs(): Promise<string | null> {
  return new Promise((resolve) => {
    const finish = (token: string | null) => {
      clearTimeout(timer);
      stop();
      resolve(token);
    };
    const timer = setTimeout(() => finish(null), OTHER_TABS_MS);
    const stop = keepAskingOtherTabs(finish);
  });
}

function isMessage(data: unknown, kind: 'ask' | 'answer'): data is { kind: string; token?: unknown } {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind;
}
