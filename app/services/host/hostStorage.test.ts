import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHistory } from '../history/history.ts';
import { addKeptLog } from '../history/keptLogs.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { readHostStorage } from './hostStorage.ts';

test('the history and the runtime folder are said with their sizes, and what is not there with none', () => {
  const folder = temporaryFolder();
  const history = createHistory({ folder, now: () => 1000 });
  const log = Buffer.from('2026-01-01T00:00:00Z hello\n');
  addKeptLog(history, 'sandbox~shop', { at: 1, service: 'api', container: 'api-1', log, cut: false });
  const runtimeFolder = join(folder, 'runtime');
  mkdirSync(join(runtimeFolder, 'below'), { recursive: true });
  writeFileSync(join(runtimeFolder, 'below', 'one'), 'x'.repeat(100));

  const storage = readHostStorage({ history, runtimeFolder });
  expect(storage.rows).toMatchObject({ kept_logs: 1, audit: 0 });
  expect(storage.keptLogBytes).toBeGreaterThan(0);
  expect(storage.places).toEqual([
    { what: 'history', path: join(folder, 'history.db'), bytes: expect.any(Number) },
    { what: 'runtime', path: runtimeFolder, bytes: 100 },
  ]);
  expect(readHostStorage({ history, runtimeFolder: join(folder, 'none') }).places[1]?.bytes).toBeNull();
  history.close();
});
