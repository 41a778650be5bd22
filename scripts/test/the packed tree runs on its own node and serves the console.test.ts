// The tree that `npm run dist` has packed; packing takes longer than a test may, so that it is done once, by .ci/run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

const tree = process.env.GATEHOUSE_TEST_TREE;
const resources = join(tree ?? '', 'resources');
const unpacked = join(resources, 'app.asar.unpacked');

beforeEach((context) => {
  if (tree === undefined) {
    context.skip(
      'needs a packed tree: run `npm run dist -- --tree`, and set GATEHOUSE_TEST_TREE to dist/installers/*-unpacked',
    );
  }
});

async function start(): Promise<{ origin: string; child: ChildProcess }> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tree-'));
  const node = join(resources, process.platform === 'win32' ? 'node.exe' : 'node');
  const program = join(unpacked, 'dist', 'host', 'gatehouse.js');
  const child = spawn(node, [program, 'serve', '--port', '0', '--no-open', '--engine', 'sandbox'], {
    // From elsewhere, and without what this checkout could lend it.
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GATEHOUSE_RUNTIME_DIR: folder,
      GATEHOUSE_STATE_DIR: join(folder, 'state'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Gatehouse: (\S+)$/.exec(line)?.[1];
    if (url) return { origin: new URL(url).origin, child };
  }
  throw new Error('the packed host ended before it printed its address');
}

interface ArchiveFolder {
  files: Record<string, Partial<ArchiveFolder>>;
}

/** An archive of Electron begins with four numbers, the last of which is the length of its list of files, in JSON. */
function listArchive(path: string): string[] {
  const archive = readFileSync(path);
  const list = ({ files }: ArchiveFolder, at: string): string[] =>
    Object.entries(files).flatMap(([name, { files: inside }]) =>
      inside ? list({ files: inside }, `${at}/${name}`) : [`${at}/${name}`],
    );
  return list(JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as ArchiveFolder, '');
}

test('the packed host runs on the packed Node and serves the page with its script', async () => {
  const { origin } = await start();
  const page = await fetch(`${origin}/`);
  expect(page.status).toBe(200);
  const html = await page.text();
  const script = /<script[^>]* src="([^"]+\.js)"/.exec(html)?.[1];
  const loaded = await fetch(new URL(script ?? '/none', origin));
  expect([loaded.status, loaded.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
});

test('in the archive is what the window needs, beside it what plain Node reads, and no sources, tests or secrets', () => {
  const files = listArchive(join(resources, 'app.asar'));
  for (const wanted of ['/package.json', '/dist/main/main.js', '/dist/main/preload.cjs', '/dist/host/gatehouse.js']) {
    expect(files).toContain(wanted);
  }
  expect(existsSync(join(unpacked, 'dist', 'main'))).toBe(false);
  const unwanted =
    /^\/(?!node_modules\/).*(?:\.tsx?|\.test\.[a-z]+|\.map)$|\/secrets\/|\/certificates\/|^\/node_modules\/(?:react|electron|typescript|node-)/;
  expect(files.filter((path) => unwanted.test(path) && !path.startsWith('/node_modules/electron-updater'))).toEqual([]);
});

test('licences, icons, documents and the bill of materials lie beside the program', () => {
  for (const path of [
    'licences/LICENSE',
    'licences/licences.md',
    'icons/tray-ok.png',
    'README.md',
    'docs/platform.md',
  ]) {
    expect(existsSync(join(resources, path)), path).toBe(true);
  }
  const sbom = JSON.parse(readFileSync(join(resources, 'licences', 'sbom.cdx.json'), 'utf8')) as {
    bomFormat: string;
    components: { name: string }[];
  };
  expect(sbom.bomFormat).toBe('CycloneDX');
  const names = sbom.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['react', 'dockerode', 'zod']));
  expect(names).not.toContain('vitest');
});
