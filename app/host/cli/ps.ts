// `gatehouse ps`: the services of a stack, container by container.
import type { Command } from 'commander';
import type {
  Level,
  PublishedPort,
  ReplicaStatus,
  ServiceCondition,
  ServiceStatus,
  StackStatus,
} from '../../contract/index.ts';
import { addStackOptions, modeOption, type StackOptions } from './stackOptions.ts';
import { requireServices } from './stackServices.ts';
import { inStack, type StackSession } from './stackSession.ts';
import { type Cell, formatTable, levelCell, print, printJson, toPlainText } from './terminal.ts';

export function registerPs(program: Command): void {
  addStackOptions(
    program
      .command('ps')
      .description('the services of a stack: state, health, replicas, ports, age, image; what is missing too')
      .argument('[service...]', 'these alone')
      .addOption(modeOption()),
  )
    .addHelpText(
      'after',
      `
Below the table stands why a service is in trouble, with the last lines of what crashed. Ends with 0 however the
services are; \`gatehouse status\` is the one for scripts that want to know whether all is well.

Examples:
  gatehouse ps
  gatehouse ps --stack ~/shop --engine context:work
  gatehouse ps --json`,
    )
    .action(runPs);
}

async function runPs(services: string[], options: StackOptions): Promise<void> {
  const show = async ({ api, files }: StackSession) => {
    const all = await api.stack.status.query(files);
    const status = { ...all, services: requireServices(all.services, services) };
    if (options.json) printJson(status);
    else print(formatStatus(status));
  };
  await inStack(options, show, { onlyLooks: true });
}

const HEADER = ['SERVICE', 'CONTAINER', 'STATE', 'HEALTH', 'REPLICAS', 'PORTS', 'AGE', 'IMAGE'];

/** Pure. */
export function formatStatus(status: StackStatus): string {
  const { project, mode, services, at } = status;
  const head = toPlainText(`${project}${mode === null ? '' : ` (${mode})`}`);
  if (services.length === 0) return `${head}: no services`;
  const table = formatTable(
    HEADER,
    services.flatMap((service) => toRows(service, at)),
  );
  return [head, table, ...services.flatMap(toTroubles)].join('\n');
}

function toRows(service: ServiceStatus, at: number): (string | Cell)[][] {
  const { replicas, image, condition } = service;
  const share = `${replicas.filter(isWell).length}/${service.wanted}`;
  if (replicas.length === 0) return [[service.service, '-', toCell(condition), '-', share, '', '-', image]];
  return replicas.map((replica) => [
    service.service,
    replica.container,
    // A service that no file claims any more is none of its containers' doing, but said at each.
    toCell(condition === 'orphan' ? condition : replica.condition),
    replica.health === 'none' ? 'no probe' : replica.health,
    share,
    formatPorts(replica.ports),
    toAge(replica, at),
    image,
  ]);
}

const isWell = ({ condition }: ReplicaStatus) => LEVELS[condition] === 'ok';

const LEVELS: Readonly<Record<ServiceCondition, Level>> = {
  healthy: 'ok',
  running: 'ok',
  done: 'ok',
  starting: 'degraded',
  paused: 'degraded',
  stopped: 'degraded',
  missing: 'down',
  unhealthy: 'down',
  crashed: 'down',
  orphan: 'unknown',
};

function toCell(condition: ServiceCondition): Cell {
  return levelCell(LEVELS[condition], condition);
}

/** Pure. What is published, once for IPv4 and IPv6; what is only exposed is reached by nobody outside. */
export function formatPorts(ports: readonly PublishedPort[]): string {
  const texts = ports.flatMap(({ hostIp, hostPort, containerPort, protocol }) => {
    if (hostPort === null) return [];
    const address = hostIp === null || ['', '0.0.0.0', '::'].includes(hostIp) ? '*' : hostIp;
    return [
      `${address.includes(':') ? `[${address}]` : address}:${hostPort}→${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`,
    ];
  });
  return [...new Set(texts)].join(' ');
}

/** Since it was started; of what never was, since it was made. */
function toAge({ startedAt, createdAt }: ReplicaStatus, at: number): string {
  const since = startedAt ?? createdAt;
  return since === null ? 'unknown' : formatAge(at - since);
}

const UNITS: readonly [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Pure. In its largest unit, cut: `3 min`. */
export function formatAge(ageMs: number): string {
  const [unit, length] = UNITS.find(([, ms]) => ageMs >= ms) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(ageMs / length))} ${unit}`;
}

const TROUBLES: readonly ServiceCondition[] = ['crashed', 'unhealthy', 'missing', 'orphan', 'stopped', 'paused'];

function toTroubles({ service, condition, detail, replicas }: ServiceStatus): string[] {
  if (!TROUBLES.includes(condition)) return [];
  const lines = replicas.flatMap(({ container, lastLines }) => lastLines.map((line) => `    ${container} | ${line}`));
  return [`! ${service}: ${detail}`, ...lines].map(toPlainText);
}
