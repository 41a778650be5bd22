// Forwarded ports in words. Pure.
import type { Forward, Level, PublishedPort } from '../../../app/contract/index.ts';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { toShellWord } from '../../components/shellWord.ts';

export const stateLevels: Record<Forward['state'], Level> = { open: 'ok', waiting: 'degraded', ended: 'unknown' };

/** What a client connects to. */
export function toAddress({ localPort }: Pick<Forward, 'localPort'>): string {
  return `127.0.0.1:${localPort}`;
}

/** null where it is no web service. */
export function toUrl(forward: Pick<Forward, 'localPort' | 'isWeb'>): string | null {
  return forward.isWeb ? `http://${toAddress(forward)}/` : null;
}

export function sayConnections({ connections, lastFailure }: Pick<Forward, 'connections' | 'lastFailure'>): string {
  const { open, total, failed, refused } = connections;
  const trouble = [
    failed > 0 ? `${formatCount(failed)} failed` : '',
    refused > 0 ? `${formatQuantity(refused, 'request')} refused` : '',
  ].filter(Boolean);
  const counts = `${formatCount(open)} open, ${formatCount(total)} so far`;
  return trouble.length === 0 ? counts : `${counts}, ${trouble.join(', ')}${lastFailure ? `: ${lastFailure}` : ''}`;
}

export function sayTraffic({ traffic, state }: Pick<Forward, 'traffic' | 'state'>): string {
  const { sentBytes, receivedBytes, sentBytesPerSecond, receivedBytesPerSecond } = traffic;
  const amounts = `↑ ${formatBytes(sentBytes)} ↓ ${formatBytes(receivedBytes)}`;
  if (state === 'ended') return amounts;
  return `${amounts} · now ↑ ${formatBytes(sentBytesPerSecond)}/s ↓ ${formatBytes(receivedBytesPerSecond)}/s`;
}

const callers: Record<string, string> = { console: 'in the console', cli: 'on the command line' };

export function sayOpener({ openedBy, reason }: Pick<Forward, 'openedBy' | 'reason'>): string {
  return `opened ${callers[openedBy] ?? `by ${openedBy}`}${reason ? `: ${reason}` : ''}`;
}

/** Ports over TCP that the service is known to have, each once, with where it is published already. */
export function listPorts(ports: readonly PublishedPort[]): { port: number; published: string | null }[] {
  const found = new Map<number, string | null>();
  for (const { containerPort, protocol, hostIp, hostPort } of ports) {
    if (protocol !== 'tcp') continue;
    const published =
      hostPort === null ? null : `${hostIp?.includes(':') ? `[${hostIp}]` : hostIp || '0.0.0.0'}:${hostPort}`;
    found.set(containerPort, found.get(containerPort) ?? published);
  }
  return [...found].map(([port, published]) => ({ port, published })).toSorted((a, b) => a.port - b.port);
}

/** The same on the command line. */
export function toForwardCommand(service: string, port: number, local: number | undefined): string {
  const words = ['gatehouse', 'forward', `${service}:${port}`, ...(local === undefined ? [] : [String(local)])];
  return words.map(toShellWord).join(' ');
}

/** undefined: nothing was typed; null: that is no port. */
export function parsePortText(text: string): number | undefined | null {
  if (text.trim() === '') return undefined;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}
