// The ways to a Jaeger: it is greeted by the question that its own search page begins with.
import type { ServiceLimits } from '../../tunnel/serviceHttp.ts';
import { createServiceReach, type ServiceReach, type ServiceReachOptions } from '../../tunnel/serviceReach.ts';
import { askJaeger, jaegerLimits } from './jaegerHttp.ts';

/** Takes a path with its query, answers `data`. */
export type JaegerReach = ServiceReach<string, unknown>;

export interface JaegerReachOptions extends Pick<ServiceReachOptions<string, unknown>, 'place' | 'openEngine' | 'now'> {
  limits?: ServiceLimits;
}

const greetingMs = 5000;

export function createJaegerReach({ limits = jaegerLimits, ...options }: JaegerReachOptions): JaegerReach {
  const greeting = { ...limits, timeoutMs: Math.min(limits.timeoutMs, greetingMs) };
  return createServiceReach({
    ...options,
    protocol: {
      code: 'traces-unreachable',
      async greet(address, _place, signal) {
        await askJaeger(address, '/api/services', { signal, limits: greeting });
        return 'Jaeger';
      },
      ask: (address, target, signal) => askJaeger(address, target, { signal, limits }),
      isRefusal: ({ code }) => code === 'query-refused' || code === 'trace-unknown',
    },
  });
}
