// The ways to a Prometheus: it is greeted by its version, and by when it was started.
import { GatehouseError, type Problem } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { ServiceAddress } from '../../tunnel/serviceHttp.ts';
import { createServiceReach, type ServiceProtocol, type ServiceReach } from '../../tunnel/serviceReach.ts';
import { readStartTime, readVersion } from './prometheusAnswers.ts';
import {
  askPrometheus,
  type PrometheusCall,
  type PrometheusLimits,
  type PrometheusReply,
  prometheusLimits,
} from './prometheusHttp.ts';
import type { PrometheusPlace } from './prometheusPlace.ts';

export type PrometheusReach = ServiceReach<PrometheusCall, PrometheusReply>;

export interface ReachOptions {
  place: Extract<PrometheusPlace, { kind: 'present' }>;
  openEngine: () => Engine;
  now: () => number;
  limits?: PrometheusLimits;
}

/** A way that does not work must not keep the next one waiting. */
const greetingLimits: PrometheusLimits = { timeoutMs: 5000, answerBytes: 64 * 1024 };
/** A process says of its start what its container's engine says, but for what starting takes. */
const sameStartMs = 120_000;

export function createPrometheusReach({ limits = prometheusLimits, ...options }: ReachOptions): PrometheusReach {
  return createServiceReach({ ...options, protocol: createProtocol(limits) });
}

function createProtocol(limits: PrometheusLimits): ServiceProtocol<PrometheusCall, PrometheusReply> {
  const greeting = { ...greetingLimits, timeoutMs: Math.min(limits.timeoutMs, greetingLimits.timeoutMs) };
  return {
    code: 'metrics-unreachable',
    async greet(address, { service, startedAt }, signal) {
      const options = { signal, limits: greeting };
      const { data } = await askPrometheus(address, { path: '/api/v1/status/buildinfo' }, options);
      // Others that speak its API may not know this one.
      const runtime = await askPrometheus(address, { path: '/api/v1/status/runtimeinfo' }, options).catch(() => null);
      const said = readStartTime(runtime?.data);
      if (said !== null && startedAt !== null && Math.abs(said - startedAt) > sameStartMs)
        throw new GatehouseError(notThisOne(service, address));
      return `Prometheus ${readVersion(data)}`.trim();
    },
    ask: (address, call, signal) => askPrometheus(address, call, { signal, limits }),
    isRefusal: ({ code }) => code === 'query-refused',
  };
}

function notThisOne(service: string, { host, port }: ServiceAddress): Problem {
  return {
    code: 'metrics-unreachable',
    message: `What answers on ${host}:${port} was not started when ${service} was: it is another Prometheus.`,
    remedy: 'Publish the port of the stack on one that is free.',
  };
}
