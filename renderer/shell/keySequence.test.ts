import { expect, test } from 'vitest';
import { type KeyMemory, pressKey } from './keySequence.ts';

const known = new Set(['g o', 'g s', '/', '?', 'Escape', 's']);
const none: KeyMemory = { prefix: null, at: 0 };
const press = (key: string, at = 0) => ({ key, at, modified: false, typing: false });

test('g and then o within a second jumps; later it does not', () => {
  const { memory, shortcut } = pressKey(none, press('g', 100), known);
  expect(shortcut).toBeNull();
  expect(pressKey(memory, press('o', 900), known).shortcut).toBe('g o');
  expect(pressKey(memory, press('o', 1200), known).shortcut).toBeNull();
});

test('a sequence wins over a key of its own', () => {
  const { memory } = pressKey(none, press('g'), known);
  expect(pressKey(memory, press('s', 10), known).shortcut).toBe('g s');
  expect(pressKey(none, press('s'), known).shortcut).toBe('s');
});

test('text that is typed is no shortcut, except Escape', () => {
  expect(pressKey(none, { ...press('/'), typing: true }, known).shortcut).toBeNull();
  expect(pressKey(none, { ...press('Escape'), typing: true }, known).shortcut).toBe('Escape');
});

test('keys with Ctrl or ⌘ belong to the browser', () => {
  expect(pressKey({ prefix: 'g', at: 0 }, { ...press('o'), modified: true }, known)).toEqual({
    memory: none,
    shortcut: null,
  });
});

test('an unknown key after g forgets the g', () => {
  const { memory } = pressKey(none, press('g'), known);
  const after = pressKey(memory, press('x', 5), known);
  expect(pressKey(after.memory, press('o', 10), known).shortcut).toBeNull();
});
