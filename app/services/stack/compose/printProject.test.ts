import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printYaml, withDoubledDollars } from './printProject.ts';
import type { Project } from './project.ts';
import { loadText } from './test/loadText.ts';

const odd = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'yes',
    '0644',
    '~',
    '<<',
    '2024-01-02',
    '$A',
    '12:30',
    '- a',
    'a: b',
    'a #b',
    '*a',
    '!b',
    ' a ',
    'a\nb',
    '\u202e',
    '\u009b1m',
    '|',
  ),
);

/** A lone half of a surrogate pair is no text that UTF-8 could carry. */
const text = odd.filter((value) => value.isWellFormed() && !value.includes('\u0000'));

test('what is printed is read as the same, whatever stands in it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(text, text), fc.array(text), async (labels, command) => {
      const service = { image: 'x', command, entrypoint: null, labels, networks: { default: null } };
      const project: Project = {
        name: 'p',
        services: { api: Object.keys(labels).length > 0 ? service : { ...service, labels: {} } },
        networks: { default: { name: 'p_default', ipam: {} } },
      };
      const { project: again } = await loadText(printYaml(project));
      expect(again.services.api).toEqual({ ...service, labels: Object.keys(labels).length > 0 ? labels : undefined });
    }),
    { numRuns: 100 },
  );
});

test('no character that steers a terminal is printed as it is', () => {
  fc.assert(
    fc.property(text, text, (key, value) => {
      const project: Project = {
        name: 'p',
        services: { api: { command: [], entrypoint: null, labels: { [key]: value } } },
      };
      expect(printYaml(project)).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('dollar signs are doubled in every text', () => {
  expect(withDoubledDollars({ a: ['$b', 1, null], c: { d: '$$' } })).toEqual({ a: ['$$b', 1, null], c: { d: '$$$$' } });
});
