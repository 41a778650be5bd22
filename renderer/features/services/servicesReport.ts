import type { Service } from '../../../app/contract/index.ts';
import { formatMoment } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';
import { toShellWord } from '../../components/shellWord.ts';
import { toExitText, toPortText } from './serviceText.ts';

/** The rows as they are filtered and ordered. */
export function toServicesReport(services: readonly Service[]): Report {
  const troubled = services.filter(({ level }) => level === 'down' || level === 'degraded');
  return {
    verdict:
      troubled.length === 0
        ? `Services: none of ${services.length} is in trouble`
        : `Services: ${troubled.map(({ name }) => name).join(', ')} in trouble`,
    evidence: [
      {
        headers: ['service', 'level', 'engine says', 'image', 'restarts', 'started'],
        figures: [4],
        rows: services.map(({ name, level, statusText, image, containers }) => [
          name,
          level,
          statusText,
          image,
          String(containers.reduce((total, { restarts }) => total + restarts, 0)),
          formatMoment(containers[0]?.startedAt),
        ]),
      },
    ],
    command: 'gatehouse ps',
  };
}

/** One service with its containers; values of its environment stay where they are. */
export function toServiceReport({ name, statusText, image, networks, ports, containers, ...rest }: Service): Report {
  const probe = containers.flatMap(({ probes }) => probes.slice(0, 1))[0];
  return {
    verdict: `Service ${name}: ${statusText}`,
    evidence: [
      `Image ${image}, networks ${networks.join(', ') || 'none'}, ports ${ports.map(toPortText).join(', ') || 'none'}`,
      ...(rest.routes.length > 0 ? [`Routes ${rest.routes.join(', ')}; breaker ${rest.breaker ?? 'none'}`] : []),
      ...(rest.dependsOn.length > 0
        ? [`Depends on ${rest.dependsOn.map((one) => `${one.service} ${one.condition}`).join(', ')}`]
        : []),
      {
        headers: ['container', 'state', 'health', 'exit', 'restarts', 'started', 'ended'],
        figures: [4],
        rows: containers.map((one) => [
          one.name,
          one.state,
          one.health,
          toExitText(one) ?? '–',
          String(one.restarts),
          formatMoment(one.startedAt),
          formatMoment(one.finishedAt),
        ]),
      },
      ...(probe ? [`Newest probe: exit ${probe.exitCode}, ${probe.output}`] : []),
    ],
    command: `gatehouse logs ${toShellWord(name)}`,
  };
}
