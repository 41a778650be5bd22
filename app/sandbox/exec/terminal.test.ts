import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { toTerminalOutput, writeTerminalInput } from './terminal.ts';

test.each([
  ['a\nb\n', 'a\r\nb\r\n'],
  ['no end', 'no end'],
  ['ü\n', 'ü\r\n'],
])('%j is shown as %j', (given, shown) => {
  expect(toTerminalOutput(Buffer.from(given)).toString()).toBe(shown);
});

test.each([
  ['a\r', { typed: 'a\n', interrupts: 0, ended: false }],
  ['\x03', { typed: '', interrupts: 1, ended: false }],
  ['last\x04 ignored', { typed: 'last', interrupts: 0, ended: true }],
])('the keys %j reach the program as %j', (keys, expected) => {
  const stdin = new PassThrough();
  let interrupts = 0;
  const interrupt = () => {
    interrupts += 1;
  };
  writeTerminalInput(Buffer.from(keys), { stdin, interrupt, source: new PassThrough() });
  expect({ typed: String(stdin.read() ?? ''), interrupts, ended: stdin.writableEnded }).toEqual(expected);
});
