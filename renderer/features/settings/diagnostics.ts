// What somebody who helps needs to know of this console, as Markdown. Pure. No folder, no name of a user or a machine, no
// address but its kind, no environment variable, no token: it is pasted into public places.
import {
  type Engine,
  type Environment,
  formatWindow,
  type GatewayAbout,
  type HostInfo,
  type HostStorage,
} from '../../../app/contract/index.ts';
import { formatBytes, formatMoment } from '../../components/format.ts';
import { escapeMarkdown } from '../../components/markdown.ts';

export interface DiagnosticFacts {
  at: number;
  host: HostInfo;
  storage: HostStorage | null;
  engines: readonly Engine[];
  /** Of the open environment; null on a page without one. */
  environment: Environment | null;
  gateway: GatewayAbout | null;
  /** What the browser says it is. */
  browser: string;
}

export function toDiagnostics(facts: DiagnosticFacts): string {
  const { at, host, storage, engines, environment, gateway, browser } = facts;
  const lines = [
    '## Gatehouse diagnostics',
    '',
    `${formatMoment(at)}, \`gatehouse --version\``,
    '',
    '| what | |',
    '|---|---|',
    row('version', host.version),
    row('Node', `${host.node} on ${host.platform}`),
    row('up for', formatWindow(at - host.startedAt)),
    row('options', [`--engine ${host.engineChoice}`, host.readOnly ? '--read-only' : ''].filter(Boolean).join(' ')),
    row('browser', browser),
    ...(storage ? toStorageRows(storage) : [row('history', 'not known')]),
    '',
    '| engine | state | version | address | problem |',
    '|---|---|---|---|---|',
    ...engines.map(
      ({ id, state, version, address, problem }) =>
        `| ${[id.startsWith('context-') ? 'a context' : id, state, version ?? '–', toKind(address), problem?.code ?? '–'].map(escapeMarkdown).join(' | ')} |`,
    ),
  ];
  if (environment) lines.push('', ...toEnvironmentLines(environment, gateway));
  return `${lines.join('\n')}\n`;
}

function row(name: string, value: string): string {
  return `| ${name} | ${escapeMarkdown(value)} |`;
}

function toStorageRows({ history, places, rows }: HostStorage): string[] {
  const size = (what: string) => formatBytes(places.find((place) => place.what === what)?.bytes);
  const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
  return [
    row('history', `${history.state}, ${size('history')}${history.problem ? `, ${history.problem.code}` : ''}`),
    row('rows', counts.join(', ')),
  ];
}

function toEnvironmentLines(
  { engine, gateway, mode, guard, counts, verdict }: Environment,
  about: GatewayAbout | null,
) {
  const versions = new Set(about?.replicas.map(({ version }) => version ?? 'not known'));
  return [
    '| open environment | |',
    '|---|---|',
    row('mode and guard', `${mode}, ${guard}`),
    row('engine', engine.state),
    row(
      'gateway',
      `${gateway.state}, ${gateway.detail}${versions.size > 0 ? `, version ${[...versions].join(', ')}` : ''}`,
    ),
    row('services', `${counts.services}, ${counts.servicesInTrouble} in trouble`),
    row('routes', String(counts.routes)),
    row('verdict', verdict.level),
  ];
}

/** `unix`, `ssh`: an address may hold a user's and a machine's name. */
function toKind(address: string): string {
  return /^([a-z]+):/.exec(address)?.[1] ?? '–';
}
