// What an operator may wish of an upstream, in words and as a command. Pure.
import { toShellWord } from '../../components/shellWord.ts';

export type WishKind = 'open' | 'closed' | 'reset' | 'drain';

export interface BreakerWish {
  kind: WishKind;
  /** null: the whole upstream. */
  replica: string | null;
  forMs: number;
}

export const wishKinds: readonly WishKind[] = ['open', 'closed', 'reset', 'drain'];

export const wishWords: Readonly<Record<WishKind, string>> = {
  open: 'Force open',
  closed: 'Force closed',
  reset: 'Reset',
  drain: 'Drain a replica',
};

export const durations: readonly { ms: number; words: string; argument: string }[] = [
  { ms: 60_000, words: '1 min', argument: '1m' },
  { ms: 300_000, words: '5 min', argument: '5m' },
  { ms: 900_000, words: '15 min', argument: '15m' },
  { ms: 3_600_000, words: '1 h', argument: '1h' },
];

const forWords = (forMs: number) =>
  durations.find(({ ms }) => ms === forMs) ?? { words: `${forMs} ms`, argument: '5m' };

export function sayEffect({ kind, replica, forMs }: BreakerWish): string {
  const { words } = forWords(forMs);
  if (kind === 'reset')
    return 'An opening or a hold ends now: trials may pass, and what was seen is forgotten. This cannot be undone.';
  if (kind === 'drain')
    return `${replica ?? 'The replica'} gets nothing new for ${words}; what runs there ends by itself.`;
  if (kind === 'closed')
    return `Requests pass for ${words}, whatever is seen meanwhile: callers wait for an upstream that fails.`;
  return replica === null
    ? `Callers get 503 breaker-open at once for ${words}, or the fallback of their route.`
    : `${replica} gets no requests for ${words}; the other replicas take them.`;
}

export function toWishCommand(upstream: string, { kind, replica, forMs }: BreakerWish): string {
  const duration = ['--for', forWords(forMs).argument];
  if (kind === 'drain')
    return ['gatehouse gateway drain', toShellWord(upstream), toShellWord(replica ?? ''), ...duration].join(' ');
  const of = replica === null ? [] : ['--replica', toShellWord(replica)];
  const verb = { open: 'open', closed: 'close', reset: 'reset' }[kind];
  return ['gatehouse breakers', verb, toShellWord(upstream), ...(kind === 'reset' ? [] : duration), ...of].join(' ');
}
