// What a change of the gateway's configuration means for callers, in words, from the differences that the gateway names. Pure.
import type { ConfigDiff } from './shapes/gatewayConfig.ts';

export interface Consequence {
  /** `grave`: callers can get another answer than before. */
  weight: 'grave' | 'plain';
  text: string;
}

/** Fields of a route that decide which requests it takes and who may ask; of an upstream, where they go. */
const GRAVE_ROUTE = /^(paths|methods|hosts|match|upstream|rewrite|redirect|auth|validate|bodyLimitBytes)/;
const GRAVE_UPSTREAM = /^(origin|authority|host|port|endpoints|dns|secure|tls)/;
const FIELDS_SHOWN = 4;

/** Grave ones first; empty when nothing differs. */
export function toConsequences({ routes, upstreams, settings, needsRestart }: ConfigDiff): Consequence[] {
  const all: Consequence[] = [
    ...routes.removed.map((id) =>
      grave(`Route ${id} goes: what it took is answered by a less specific route, or with 404 no-route.`),
    ),
    ...routes.added.map((id) => grave(`Route ${id} is new; it takes its paths from less specific routes.`)),
    ...routes.changed.map(({ id, fields }) => ({
      weight: fields.some(({ path }) => GRAVE_ROUTE.test(path)) ? ('grave' as const) : ('plain' as const),
      text: `Route ${id} changes: ${listFields(fields)}.`,
    })),
    ...(routes.reordered ? [grave('Routes are tried in another order.')] : []),
    ...upstreams.removed.map((id) =>
      plain(`Upstream ${id} goes; requests that run there end, then its connections close.`),
    ),
    ...upstreams.added.map((id) => plain(`Upstream ${id} is new; its breaker begins closed.`)),
    ...upstreams.changed.map(({ id, fields }) => ({
      weight: fields.some(({ path }) => GRAVE_UPSTREAM.test(path)) ? ('grave' as const) : ('plain' as const),
      text: `Upstream ${id} changes: ${listFields(fields)}; its breaker and its figures stay.`,
    })),
    ...settings
      .filter(({ path }) => !needsRestart.includes(path))
      .map(({ path, from, to }) => ({
        weight: /^(auth|limits|trustedProxies)/.test(path) ? ('grave' as const) : ('plain' as const),
        text: `${path}: ${toText(from)} → ${toText(to)}.`,
      })),
    ...needsRestart.map((path) =>
      plain(`${path} is only read at a start: it has no effect before the gateway restarts.`),
    ),
  ];
  return [...all.filter(({ weight }) => weight === 'grave'), ...all.filter(({ weight }) => weight === 'plain')];
}

const grave = (text: string): Consequence => ({ weight: 'grave', text });
const plain = (text: string): Consequence => ({ weight: 'plain', text });

type Fields = ConfigDiff['settings'];

function listFields(fields: Fields): string {
  const shown = fields.slice(0, FIELDS_SHOWN).map(({ path, from, to }) => `${path} ${toText(from)} → ${toText(to)}`);
  const more = fields.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function toText(value: unknown): string {
  if (value === undefined) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
