// What the end of a span waited for. Defined as in CRISP (Zhang and others, USENIX ATC 2022): from the end backwards, the
// child that ended last before that moment was waited for; what no such child covers is the span's own work. Pure.
import type { SpanTree } from './spanTree.ts';

export interface CriticalStretch {
  /** Place in the tree. */
  readonly span: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * Stretches in order of time that cover the root from its beginning to its end, each once. Of a child that goes on after
 * its parent (work that nobody waited for) only what lies within the parent counts.
 */
export function findCriticalPath({ spans }: Pick<SpanTree, 'spans'>, root: number): CriticalStretch[] {
  const stretches: CriticalStretch[] = [];
  const top = spans[root];
  if (!top) return stretches;
  const waiting: CriticalStretch[] = [{ span: root, fromUs: top.startUs, toUs: top.endUs }];
  const own = (span: number, fromUs: number, toUs: number) => {
    if (toUs > fromUs) stretches.push({ span, fromUs, toUs });
  };
  for (let window = waiting.pop(); window !== undefined; window = waiting.pop()) {
    const { span, fromUs, toUs } = window;
    const children = (spans[span]?.children ?? [])
      .map((place) => ({
        span: place,
        fromUs: Math.max(fromUs, spans[place]?.startUs ?? 0),
        toUs: Math.min(toUs, spans[place]?.endUs ?? 0),
      }))
      .filter((child) => child.toUs > child.fromUs)
      .toSorted((a, b) => b.toUs - a.toUs || a.fromUs - b.fromUs);
    let until = toUs;
    for (const child of children) {
      // It ended while another one was waited for.
      if (child.toUs > until) continue;
      own(span, child.toUs, until);
      waiting.push(child);
      until = child.fromUs;
    }
    own(span, fromUs, until);
  }
  return stretches.toSorted((a, b) => a.fromUs - b.fromUs);
}
