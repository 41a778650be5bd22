import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fromTar } from '../../test/engines/tar.ts';
import { openContext } from './buildContext.ts';
import { findUnsupported, toBuildQuery } from './buildQuery.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ghc-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

async function pack(given: { folder?: string; dockerfile?: string; inline?: string } = {}) {
  const context = await openContext({ folder, dockerfile: 'Dockerfile', inline: undefined, ...given });
  const chunks: Buffer[] = [];
  for await (const chunk of context.stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return { dockerfile: context.dockerfile, files: fromTar(Buffer.concat(chunks)) };
}

test('a folder is packed without what is left out, but always with its Dockerfile', async () => {
  const large = 'x'.repeat(200_000);
  write({ Dockerfile: 'FROM x', 'src/a.js': 'a', 'src/b.log': 'b', large, 'node_modules/x/y.js': '', empty: '' });
  write({ '.dockerignore': 'node_modules\n**/*.log\nDockerfile\n' });
  symlinkSync('a.js', join(folder, 'src', 'link.js'));
  const { dockerfile, files } = await pack();
  expect(dockerfile).toBe('Dockerfile');
  expect(files).toEqual({
    '.dockerignore': expect.any(String),
    Dockerfile: 'FROM x',
    'src/a.js': 'a',
    large,
    empty: '',
  });
});

test('only what is brought back is packed, and the ignore file beside the Dockerfile wins', async () => {
  write({
    'images/web.Dockerfile': 'FROM y',
    'images/web.Dockerfile.dockerignore': '*\n!dist/web\n',
    '.dockerignore': '',
  });
  write({ 'dist/web/app.js': 'app', 'dist/other/app.js': '', 'src/app.ts': '' });
  const { dockerfile, files } = await pack({ dockerfile: 'images/web.Dockerfile' });
  expect(dockerfile).toBe('images/web.Dockerfile');
  expect(files).toEqual({ 'images/web.Dockerfile': 'FROM y', 'dist/web/app.js': 'app' });
});

test('a Dockerfile from outside, or written in the compose file, comes along', async () => {
  write({ 'context/a': 'a', Dockerfile: 'FROM outside' });
  const context = join(folder, 'context');
  expect(await pack({ folder: context, dockerfile: '../Dockerfile' })).toEqual({
    dockerfile: '.gatehouse.Dockerfile',
    files: { '.gatehouse.Dockerfile': 'FROM outside', a: 'a' },
  });
  expect((await pack({ folder: context, inline: 'FROM inline' })).files).toMatchObject({
    '.gatehouse.Dockerfile': 'FROM inline',
  });
});

test.each([
  ['folder', { folder: '/no/such/folder' }, 'The build context /no/such/folder is no folder'],
  ['Dockerfile', { dockerfile: 'nope' }, 'cannot be read: ENOENT'],
])('a %s that is not there is an error', async (_, given, message) => {
  await expect(pack(given)).rejects.toThrow(message);
});

test('a build section in the words of the engine', () => {
  const build = {
    context: '.',
    args: { A: '1', UNSET: null },
    tags: ['shop/other:1'],
    target: 'web',
    no_cache: true,
    shm_size: '64m',
    extra_hosts: ['db=10.0.0.1'],
  };
  const project = { name: 'shop', services: { web: { command: null, entrypoint: null, build } } };
  expect(toBuildQuery(project, 'web', build)).toEqual({
    t: ['shop-web', 'shop/other:1'],
    target: 'web',
    buildargs: { A: '1' },
    labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
    nocache: true,
    shmsize: 64 * 1024 ** 2,
    extrahosts: 'db:10.0.0.1',
  });
});

test('what is not supported is named', () => {
  const build = { context: 'https://example.test/x.git', ssh: ['default'], platforms: ['a', 'b'], privileged: false };
  expect(findUnsupported(build).map(({ key }) => key)).toEqual(['build.ssh', 'build.platforms', 'build.context']);
  expect(findUnsupported({ context: '/srv/shop' })).toEqual([]);
});
