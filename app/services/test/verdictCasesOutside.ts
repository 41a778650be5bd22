// What the verdict has to say of what clients get from outside, and of the machine under it all.
import type { Capacity, OutsideView } from '../../contract/index.ts';
import { connection, now } from './samples.ts';
import { gateway, metrics, stopped, type VerdictCase } from './verdictCases.ts';

const outside = (level: OutsideView['level'], sentence: string) =>
  ({ level, sentence, service: 'nginx' }) as OutsideView;
const disk = (freeBytes: number, fullAt: number | null = null) =>
  ({
    sentence: '1.0 GB of 100 GB disk are free.',
    disk: { totalBytes: 100 * 1024 ** 3, freeBytes, fullAt },
  }) as Capacity;

export const verdictCasesOutside: VerdictCase[] = [
  {
    name: 'clients get nothing, and inside all is well',
    given: { outside: outside('down', 'Nothing is served at 127.0.0.1:443: nothing listens there.') },
    level: 'down',
    impact: 'Down: clients get no answer from outside',
    said: /nothing listens there/,
    cause: 'nginx',
    views: ['services'],
  },
  {
    name: 'the edge does not run: that says more than what is seen from outside',
    given: { outside: outside('down', 'Nothing is served.'), services: [stopped('nginx', { kind: 'edge' }), gateway] },
    level: 'down',
    impact: 'Down: nginx does not run, nothing from outside comes in',
    said: /exit 137/,
  },
  {
    name: 'a certificate that runs out is said when nothing else is wrong',
    given: { outside: outside('degraded', '200 in 4 ms; its certificate runs out in 3 days.') },
    level: 'degraded',
    impact: 'Degraded: clients may be turned away at the edge',
    said: /in 3 days/,
  },
  {
    name: 'a probe that says nothing is no trouble',
    given: { outside: outside('unknown', 'Not asked.') },
    level: 'ok',
    impact: 'All is well',
  },
  {
    name: 'a disk that is nearly full, and when it will be',
    given: { capacity: disk(1024 ** 3, now + 3 * 3_600_000) },
    level: 'degraded',
    impact: "Degraded: the disk of the engine's machine is nearly full",
    said: /full in 3 h/,
  },
  {
    name: 'a disk with room',
    given: { capacity: disk(50 * 1024 ** 3) },
    level: 'ok',
    impact: 'All is well',
  },
  {
    name: 'errors by the log of an edge, without a gateway',
    given: {
      gateway: connection('gateway', 'absent'),
      breakers: null,
      metrics: { ...metrics({ errorShare: 0.5 }, { '/shop/*': { errorShare: 0.5 } }), source: 'edge' },
    },
    level: 'degraded',
    impact: 'Degraded: 50.0 % of requests fail, most of them on /shop/*',
    said: /the last 60 s|last 60 s/,
    cause: null,
    views: [],
  },
];
