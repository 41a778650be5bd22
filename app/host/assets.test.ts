import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAssets } from './assets.ts';
import { temporaryFolder } from './test/startTestHost.ts';

test('a console that is not built says how to build it', async () => {
  const assets = await loadAssets(join(temporaryFolder(), 'nowhere'));
  expect(assets.find('/')?.body.toString()).toContain('npm run build');
});

test('only files that belong to a console are served, each with its type', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'index');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, '.env'), 'SECRET=1');
  writeFileSync(join(folder, 'assets', 'inter-1a2b.woff2'), 'font');
  const assets = await loadAssets(folder);
  expect(assets.find('/icon.svg')).toMatchObject({ type: 'image/svg+xml', immutable: false });
  expect(assets.find('/assets/inter-1a2b.woff2')).toMatchObject({ type: 'font/woff2', immutable: true });
  expect(assets.find('/.env')?.body.toString()).toBe('index');
  expect(assets.find('/env/sandbox~shop-platform/overview')?.body.toString()).toBe('index');
  expect(assets.find('/assets/gone-1a2b.js')).toBeUndefined();
});

test('what is read at start is what is served: later files and links are not', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), 'index');
  const assets = await loadAssets(folder);
  symlinkSync('/etc/passwd', join(folder, 'later.txt'));
  expect(assets.find('/later.txt')?.body.toString()).toBe('index');
});
