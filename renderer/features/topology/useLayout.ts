import { useEffect, useState } from 'react';
import { layOut } from './layoutEngine.ts';
import type { Layout } from './layoutGraph.ts';
import { covers, type Structure } from './structure.ts';

interface LaidOut {
  structure: Structure;
  layout: Layout;
}

/** The newest layouts of this window, so that going to another view and back does not lay out anew. */
const kept: LaidOut[] = [];
const KEPT_LIMIT = 8;

function findKept(structure: Structure): LaidOut | undefined {
  return kept.find((one) => covers(one.structure, structure));
}

export type LayoutState =
  | { state: 'loading'; layout: null }
  | { state: 'ready'; layout: Layout }
  | { state: 'failed'; layout: null; reason: string };

const loading: LayoutState = { state: 'loading', layout: null };

/** Lays out when something new comes in, and only then: what goes away leaves its gap, and figures move nothing. */
export function useLayout(structure: Structure | null): LayoutState {
  const [result, setResult] = useState<LayoutState>(loading);
  const known = structure ? findKept(structure) : undefined;

  useEffect(() => {
    if (!structure || findKept(structure)) return;
    let isLeft = false;
    layOut(structure)
      .then((layout) => {
        kept.unshift({ structure, layout });
        kept.splice(KEPT_LIMIT);
        if (!isLeft) setResult({ state: 'ready', layout });
      })
      .catch((error: unknown) => {
        if (!isLeft) setResult({ state: 'failed', layout: null, reason: toReason(error) });
      });
    return () => {
      isLeft = true;
    };
  }, [structure]);

  // Until the new layout is there the old one stays: services without a place are drawn as soon as they have one.
  return known ? { state: 'ready', layout: known.layout } : result;
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : 'the layout worker did not start';
}
