import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

// Plain JavaScript without types, as every script that runs before a build.
const { toSchemaReference } = (await import(new URL('./schemaReference.mjs', import.meta.url).href)) as {
  toSchemaReference(schema: object): string;
};
const { findCommands } = (await import(new URL('./docsCommands.mjs', import.meta.url).href)) as {
  findCommands(text: string): { line: string; reason: string | undefined; codes: number[] }[];
};

test('every key of a schema gets its line, inner objects their sections', () => {
  const page = toSchemaReference({
    required: ['routes'],
    properties: {
      listen: {
        type: 'object',
        description: 'Where <it> listens',
        properties: { port: { type: 'integer', minimum: 0, maximum: 65535 } },
      },
      routes: {
        type: 'array',
        minItems: 1,
        items: { type: 'object', properties: { id: { type: 'string', description: 'a|b.' } } },
      },
      upstreams: { type: 'object', additionalProperties: { type: 'object', properties: { kind: { enum: ['http'] } } } },
      wait: { anyOf: [{ const: 0 }, { type: 'integer', minimum: 5 }] },
    },
  });
  expect(page).toContain('| `routes` (needed) | list of object, 1 or more |  |');
  expect(page).toContain('## `listen`\n\nWhere &lt;it> listens.');
  expect(page).toContain('| `port` | integer, 0 to 65535 |  |');
  expect(page).toContain('## `routes[]`');
  expect(page).toContain('a\\|b |');
  expect(page).toContain('## `upstreams.NAME`');
  expect(page).toContain('| `kind` | `http` |');
  expect(page).toContain('| `wait` | `0` or integer, 5 or more |');
});

test('commands are found in blocks of sh, with the reason of those that cannot run', () => {
  const text = [
    '```sh\nnpm test\n\n# a remark\nnpm start   # not run: it goes on\ngatehouse status  # ends with 1, 3\n```',
    '<!-- not run: needs a display -->\n\n```sh\ngatehouse desktop \\\n  --read-only\n```',
    '1. In a list\n\n   <!-- not run: needs an engine -->\n   ```sh\n   docker compose build\n   ```',
    '```text\nnot a command\n```',
  ].join('\n\n');
  expect(findCommands(text).map(({ line, reason, codes }) => [line.trim(), reason, codes])).toEqual([
    ['npm test', undefined, [0]],
    ['npm start   # not run: it goes on', 'it goes on', [0]],
    ['gatehouse status  # ends with 1, 3', undefined, [1, 3]],
    ['gatehouse desktop    --read-only', 'needs a display', [0]],
    ['docker compose build', 'needs an engine', [0]],
  ]);
});

describe('docs/views.md', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const page = read('docs/views.md');
  const views = [
    ...read('renderer/shell/views.ts').matchAll(/label: '([^']+)',[^}]*?key: '([^']+)',\s*question: '([^']+)'/g),
  ];

  test('has a section for every view, with the key and the question that the console gives it', () => {
    expect(views.length).toBeGreaterThanOrEqual(13);
    for (const [, label = '', key = '', question = ''] of views) {
      expect(page).toContain(`| [${label}](#${label.toLowerCase()}) | \`${key}\` | ${question} |`);
      expect(page).toContain(`\n## ${label}\n`);
    }
  });

  test('says of each what it shows when there is nothing, in the words of the console', () => {
    const sources = globSync('renderer/features/**/*.tsx', { cwd: root }).map(read).join('\n');
    const sections = page.split('\n## ').slice(1);
    for (const section of sections) expect(section).toMatch(/\nEmpty: “/);
    const said = [...page.replaceAll('\n', ' ').matchAll(/“([^”]+)”/g)].map(([, words]) => words ?? '');
    expect(said.filter((words) => !sources.includes(words))).toEqual([]);
  });
});
