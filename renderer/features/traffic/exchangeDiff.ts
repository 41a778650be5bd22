// Two exchanges side by side: what they have in common, and what not. Pure.
import type { ExchangeDetail } from '../../../app/contract/index.ts';
import { formatBytes, formatMs } from '../../components/format.ts';
import { toStatusText } from './exchangeStatus.ts';
import { toHeaderText } from './headerText.ts';

export interface DiffRow {
  group: 'exchange' | 'stages' | 'request' | 'response';
  name: string;
  /** null: this one has none. */
  left: string | null;
  right: string | null;
  isSame: boolean;
}

export function diffExchanges(left: ExchangeDetail, right: ExchangeDetail): DiffRow[] {
  const row = (name: string, read: (exchange: ExchangeDetail) => string | null): DiffRow =>
    toRow('exchange', name, read(left), read(right));
  return [
    row('method', ({ method }) => method),
    row('host', ({ host }) => host),
    row('path', ({ path }) => path),
    row('route', ({ route }) => route),
    row('upstream', ({ upstream }) => upstream),
    row('forwarded as', ({ forwardedPath }) => forwardedPath),
    row('dialled', ({ target }) => target),
    row('status', ({ status }) => toStatusText(status)),
    row('code', ({ code }) => code),
    row('note', ({ note }) => note),
    row('breaker then', ({ breaker }) => breaker),
    row('client', ({ client }) => client),
    row('duration', ({ durationMs }) => `${formatMs(durationMs)} ms`),
    row('first byte', ({ upstreamMs }) => (upstreamMs === null ? null : `${formatMs(upstreamMs)} ms`)),
    row('received', ({ requestBytes }) => formatBytes(requestBytes)),
    row('answered', ({ responseBytes }) => formatBytes(responseBytes)),
    ...diffNamed('stages', toStages(left), toStages(right)),
    ...diffNamed('request', toFields(left.requestHeaders), toFields(right.requestHeaders)),
    row('request body', ({ requestBody }) => requestBody?.text ?? null),
    ...diffNamed('response', toFields(left.responseHeaders), toFields(right.responseHeaders)),
    row('response body', ({ responseBody }) => responseBody?.text ?? null),
  ];
}

function toRow(group: DiffRow['group'], name: string, left: string | null, right: string | null): DiffRow {
  return { group, name, left, right, isSame: left === right };
}

function toStages({ stages }: ExchangeDetail): Map<string, string> {
  return new Map(stages.map(({ stage, outcome, sentence }) => [stage, outcome === 'pass' ? 'passed' : sentence]));
}

/** Repeated fields are one list, in their order (RFC 9110, section 5.3). */
function toFields(headers: ExchangeDetail['requestHeaders']): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const known = fields.get(lower);
    fields.set(lower, known === undefined ? toHeaderText(value) : `${known}, ${toHeaderText(value)}`);
  }
  return fields;
}

function diffNamed(group: DiffRow['group'], left: Map<string, string>, right: Map<string, string>): DiffRow[] {
  const names = [...new Set([...left.keys(), ...right.keys()])];
  return names.map((name) => toRow(group, name, left.get(name) ?? null, right.get(name) ?? null));
}
