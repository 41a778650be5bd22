import type { Service } from '../../../app/contract/index.ts';
import { formatMoment } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';

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
