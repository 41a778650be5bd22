import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readProgress } from './imageActions.ts';

async function readAll(...chunks: string[]) {
  const lines = [];
  for await (const line of readProgress(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) lines.push(line);
  return lines;
}

const nothing = { id: '', status: '', error: '', current: 0, total: 0 };

test('each line of a pull is told, whatever it leaves out and wherever it is cut', async () => {
  const lines = await readAll(
    '{"status":"Pulling from tools/filler","id":"1"}\r\n{"status":"Downl',
    'oading","progressDetail":{"current":5,"total":20},"id":"e3"}\r\n{"status":"Pull complete","progressDetail":{}}',
  );
  expect(lines).toEqual([
    { ...nothing, status: 'Pulling from tools/filler', id: '1' },
    { ...nothing, status: 'Downloading', id: 'e3', current: 5, total: 20 },
    { ...nothing, status: 'Pull complete' },
  ]);
});

test('an error inside the stream is told', async () => {
  expect(await readAll('{"errorDetail":{"message":"no space left"},"error":"failed"}\n')).toEqual([
    { ...nothing, error: 'no space left' },
  ]);
});

test('what a build says, and its traces, are told; what is no JSON is passed over', async () => {
  const lines = await readAll('{"stream":"Step 1/2\\n"}\nnonsense\n{"id":"moby.buildkit.trace","aux":"AA=="}\n');
  expect(lines).toEqual([
    { ...nothing, status: 'Step 1/2' },
    { ...nothing, id: 'moby.buildkit.trace', aux: 'AA==' },
  ]);
});
