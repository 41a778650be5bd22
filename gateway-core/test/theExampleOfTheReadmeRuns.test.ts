import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startUpstream } from './fixture.ts';
import { PROGRAM_TEST_MS } from './program.ts';

test(
  'the example of the README runs as it stands, in twenty lines',
  async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const code = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    expect(
      code
        .trim()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(20);

    const upstream = await startUpstream((req, res) => res.end(`found ${req.url}`));
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'example.ts');
    writeFileSync(file, code.replace("'./index.ts'", `'${new URL('../index.ts', import.meta.url).href}'`));
    const child = spawn(process.execPath, [file], {
      env: { PATH: process.env.PATH, SEARCH_URL: `http://127.0.0.1:${upstream.port}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const [code0] = (await once(child, 'exit')) as [number];
    expect(
      `${code0} ${errors
        .split('\n')
        .filter((line) => !line.startsWith('{'))
        .join('\n')}`,
    ).toBe('0 ');
    expect(
      output
        .split('\n')
        .toSorted()
        .filter((line) => line !== ''),
    ).toEqual(['200 found /query?q=lamp', 'GET /ai/search/query?q=lamp → 200', 'search gets /x']);
    expect(errors).toContain('"msg":"closed"');
  },
  PROGRAM_TEST_MS,
);
