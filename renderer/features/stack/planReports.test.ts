import { expect, test } from 'vitest';
import type { Plan, StackRun } from '../../../app/contract/index.ts';
import { toReportMarkdown } from '../../components/report.ts';
import { toPlanReport, toRunReport } from './planReports.ts';

const plan: Plan = {
  schema: 'gatehouse.plan/1',
  verb: 'up',
  project: 'shop',
  mode: { from: 'dev', to: 'dev' },
  at: 0,
  fingerprint: '',
  steps: [
    {
      id: 'container shop-api-1',
      resource: 'container',
      action: 'recreate',
      name: 'shop-api-1',
      key: 'api',
      replica: 1,
      target: 'abc',
      reason: '1 field differs',
      changes: [{ field: 'environment.API_KEY', from: 'hunter2', to: 'hunter3', masked: false }],
      onlyIfNewImage: null,
      wave: 0,
      needs: [],
      gates: [{ service: 'db', replica: null, condition: 'healthy', required: true }],
    },
  ],
  unchanged: [],
  images: [],
  ports: {
    opened: [{ service: 'api', hostIp: '', hostPort: 80, containerPort: 8080, protocol: 'tcp' }],
    closed: [],
  },
  volumes: [],
  orphans: [],
  downtime: [{ service: 'api', leastMs: 500, mostMs: 2000, basis: 'as before' }],
  warnings: [],
  blockers: [{ code: 'port-taken', subject: 'api', message: 'Port 80 is taken', remedy: 'Free it' }],
};

test('a plan says what it does and what stands in its way, and keeps the values of fields to itself', () => {
  const text = toReportMarkdown(toPlanReport(plan, 'gatehouse up api'), { environment: null, at: 0 });
  expect(text).toContain('Makes anew 1 container, opens 1 port.');
  expect(text).toContain('Port 80 is taken');
  expect(text).toContain('db healthy');
  expect(text).toContain('every address:80');
  expect(text).toContain('`gatehouse up api`');
  expect(text).not.toContain('hunter');
});

test('a run that failed says how far it came and why it stopped', () => {
  const run: StackRun = {
    id: '1',
    verb: 'up',
    project: 'shop',
    mode: 'dev',
    startedAt: 0,
    isCancelled: false,
    output: [],
    steps: [
      { step: 'container shop-api-1', state: 'done', detail: '', at: 1 },
      { step: 'container shop-web-1', state: 'failed', detail: 'no such image', at: 2 },
    ],
    result: {
      outcome: 'failed',
      steps: [],
      problems: [{ code: 'x', subject: 'web', message: 'The image is not there', remedy: 'Build it' }],
      remarks: [],
      startedAt: 0,
      endedAt: 3000,
    },
  };
  const text = toReportMarkdown(toRunReport(run), { environment: null, at: 0 });
  expect(text).toContain('Bring up shop: failed, 1 of 2 steps done, 1 failed, in 3 s');
  expect(text).toContain('| web | The image is not there | Build it |');
  expect(text).toContain('| failed | container | shop-web-1 | no such image |');
});
