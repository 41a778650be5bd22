import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toShellWord } from './shellWord.ts';

describe('toShellWord', () => {
  it('escapes what a terminal would act on', () => {
    expect(toShellWord("a\u001b[2J'\n")).toBe(String.raw`$'a\033[2J\'\012'`);
  });

  it('is one argument with the same text in a real shell', () => {
    const texts: string[] = fc.sample(
      fc.string({ unit: fc.constantFrom(...`a '"$\`\\;&|<>(){}[]*?!#~=%-\n\t\u001b\u0085ä`) }),
      200,
    );
    const words = texts.map(toShellWord);
    const printed = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${words.join(' ')}`], {
      encoding: 'utf8',
      // With a socket as its input bash takes itself for a remote login and reads startup files.
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH },
    });
    expect(printed.split('\0').slice(0, -1)).toEqual(texts);
  });
});
