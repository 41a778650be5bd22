// The panels of Stack, as others may read them. Pure.
import type { Boot, Drift, StackImages, StackStatus } from '../../../app/contract/index.ts';
import { formatMoment, formatMs, formatQuantity } from '../../components/format.ts';
import type { Report } from '../../components/report.ts';

const well = new Set(['running', 'healthy', 'done']);

export function toStatesReport({ services, mode }: StackStatus): Report {
  const others = services.filter(({ condition }) => !well.has(condition));
  return {
    verdict: `${services.length - others.length} of ${formatQuantity(services.length, 'service')} are as the files want them`,
    evidence: [
      {
        headers: ['service', 'is', 'because', 'replicas', 'image'],
        rows: services.map(({ service, condition, detail, replicas, wanted, image }) => [
          service,
          condition,
          detail,
          `${replicas.length} of ${wanted}`,
          image,
        ]),
      },
    ],
    command: `gatehouse ps${mode ? ` --mode ${mode}` : ''}`,
  };
}

export function toDriftReport({ services, unknown }: Drift): Report {
  return {
    verdict:
      services.length === 0
        ? 'Nothing that runs differs from the files'
        : `${formatQuantity(services.length, 'difference')} between what runs and the files`,
    evidence: [
      {
        headers: ['service', 'container', 'differs', 'how'],
        rows: services.map(({ service, container, kind, path, detail, changes }) => [
          service,
          container,
          kind,
          // Values of fields may be secrets of somebody: their names are enough to look them up.
          [path, detail, changes.map(({ field }) => field).join(', ')].filter(Boolean).join(': '),
        ]),
      },
      ...(unknown.length > 0 ? [`Not compared: ${unknown.map(({ path }) => path).join(', ')}`] : []),
    ],
    command: 'gatehouse drift',
  };
}

export function toImagesReport({ images }: StackImages): Report {
  return {
    verdict: `${formatQuantity(images.length, 'image')} in use`,
    evidence: [
      {
        headers: ['image', 'services', 'named now', 'used'],
        rows: images.map(({ reference, services, named, used }) => [
          reference,
          services.join(', '),
          named?.id.slice(0, 19) ?? 'not here',
          used.map(({ id, containers }) => `${id.slice(0, 19)} by ${containers.length}`).join(', '),
        ]),
      },
    ],
    command: 'gatehouse ps --json',
  };
}

/** Without one there was no start. */
export function toBootReport(boot: Boot | undefined): Report {
  if (!boot) return { verdict: 'No start was recorded', evidence: [], command: 'gatehouse up --plan' };
  const { at, durationMs, services, mode } = boot;
  const ms = (from: number | null, to: number | null) => (from === null || to === null ? '–' : formatMs(to - from));
  return {
    verdict: `Up after ${formatMs(durationMs)} ms, begun ${formatMoment(at)}${mode === 'unknown' ? '' : `, ${mode}`}`,
    evidence: [
      {
        headers: ['service', 'container', 'ready after ms', 'held by'],
        figures: [2],
        rows: services.map(({ service, container, createdAt, readyAt, heldBy }) => [
          service,
          container,
          ms(createdAt, readyAt),
          heldBy ?? '–',
        ]),
      },
    ],
    command: 'gatehouse up --plan',
  };
}
