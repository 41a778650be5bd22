// Exchanges, as others may read them. Pure. Headers and bodies stay here: they may hold what is nobody's business.
import type { Exchange, ExchangeDetail } from '../../../app/contract/index.ts';
import { formatMoment, formatMs } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import { toShellWord } from '../../components/shellWord.ts';
import { toStatusText } from './exchangeStatus.ts';

export function toTrafficTableReport(newestFirst: readonly Exchange[], filter: string): Report {
  const failed = newestFirst.filter(({ status }) => status !== null && status >= 500);
  return {
    verdict: `${failed.length} of ${newestFirst.length} requests${filter ? ` that match ${filter}` : ''} failed`,
    evidence: [
      {
        headers: ['at', 'request', 'route', 'status', 'ms', 'note'],
        figures: [4],
        rows: newestFirst.map(({ at, method, path, route, status, code, durationMs, note }) => [
          formatMoment(at),
          `${method} ${path}`,
          route ?? 'no route',
          toStatusText(status),
          formatMs(durationMs),
          note ?? code ?? '',
        ]),
      },
    ],
    command: filter ? `gatehouse tap ${toShellWord(filter)}` : 'gatehouse tap',
  };
}

export function toExchangeReport(exchange: ExchangeDetail): Report {
  const { id, at, method, host, path, status, code, note, route, upstream, target, durationMs, traceId } = exchange;
  return {
    verdict: `${method} ${path}: ${toStatusText(status)}${code ? ` ${code}` : ''} after ${formatMs(durationMs)} ms`,
    evidence: [
      `Begun ${formatMoment(at)} on ${host}, request ${id}, trace ${traceId}`,
      `Route ${route ?? 'none matched'}${upstream ? `, upstream ${upstream}` : ''}${target ? ` at ${target}` : ''}${note ? `: ${note}` : ''}`,
      {
        headers: ['stage', 'ms', ''],
        figures: [1],
        rows: exchange.stages.map((stage) => [stage.stage, formatMs(stage.durationMs), stage.sentence]),
      },
    ],
    command: `gatehouse tap trace:${traceId}`,
  };
}
