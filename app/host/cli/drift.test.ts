import { expect, test } from 'vitest';
import type { Drift } from '../../contract/index.ts';
import { renderChange } from '../../services/stack/plan/renderPlan.ts';
import { formatDrift } from './drift.ts';

const drift = (given: Partial<Drift>): Drift => ({
  schema: 'gatehouse.drift/1',
  project: 'shop',
  at: 1,
  services: [],
  unknown: [],
  ...given,
});
const entry = { service: 'web', container: 'shop-web-1', changes: [], path: null, detail: '' };

test('each difference is a line with the sign of what up would do, each field one below', () => {
  const text = formatDrift(
    drift({
      services: [
        {
          ...entry,
          kind: 'fields',
          detail: '2 fields differ',
          changes: [
            { field: 'environment.LEVEL', from: 'info', to: 'debug', masked: false },
            { field: 'environment.TOKEN', from: '***', to: '***', masked: true },
          ],
        },
        { ...entry, kind: 'file', path: '/etc/nginx.conf', detail: 'changed since the container started' },
        { ...entry, service: 'db', container: 'shop-db-1', kind: 'missing', detail: 'not created yet' },
      ],
    }),
    renderChange,
  );
  expect(text.split('\n')).toEqual([
    'shop: 3 differences from the files',
    '~ web (shop-web-1): 2 fields differ',
    '      environment.LEVEL: info → debug',
    '      environment.TOKEN: differs (hidden)',
    '~ web (shop-web-1): /etc/nginx.conf: changed since the container started',
    '+ db (shop-db-1): not created yet',
  ]);
});

test('files that were not compared are said, and no difference', () => {
  const unknown = [{ service: 'web', path: '/etc/\u001b[2J', reason: 'it is on another machine' }];
  expect(formatDrift(drift({ unknown }), renderChange).split('\n')).toEqual([
    'shop: nothing differs from the files, 1 mounted file not compared',
    '? web: /etc/\ufffd[2J: not compared: it is on another machine',
  ]);
});
