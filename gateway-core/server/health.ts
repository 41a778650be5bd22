// Liveness apart from readiness: one that drains is alive, and killing it for not being ready would cut what it drains.
import type { Live } from '../exchange/core.ts';

interface Health {
  readonly status: number;
  readonly body: { readonly status: 'ok' | 'draining' };
}

/** Whoever gets this answer at all has it from a process that lives. */
export function toLiveness(): Health {
  return { status: 200, body: { status: 'ok' } };
}

/** 503 from the moment that the gateway is about to end: send nothing new. */
export function toReadiness({ leaving }: Live): Health {
  return leaving ? { status: 503, body: { status: 'draining' } } : { status: 200, body: { status: 'ok' } };
}
