import { expect, test } from 'vitest';
import type { Drift } from '../../../app/contract/index.ts';
import { toReportMarkdown } from '../../components/report.ts';
import { toBootReport, toDriftReport } from './stackReports.ts';

test('drift names fields and leaves their values out: they may be secrets', () => {
  const change = { field: 'environment.API_KEY', from: 'hunter2', to: 'hunter3', masked: false };
  const drift: Drift = {
    schema: 'gatehouse.drift/1',
    project: 'shop',
    at: 1,
    services: [{ service: 'api', container: 'shop-api-1', kind: 'fields', changes: [change], path: null, detail: '' }],
    unknown: [{ service: 'api', path: '/etc/x', reason: 'no' }],
  };
  const text = toReportMarkdown(toDriftReport(drift), { environment: null, at: 0 });
  expect(text).toContain('1 difference between what runs and the files');
  expect(text).toContain('environment.API\\_KEY');
  expect(text).toContain('Not compared: /etc/x');
  expect(text).not.toContain('hunter');
});

test('without a start there is none to tell of', () => {
  expect(toBootReport(undefined).verdict).toBe('No start was recorded');
});
