import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { summariseInput } from './summariseInput.ts';

test.each<[string, unknown, string]>([
  ['nothing', undefined, ''],
  ['plain values stay', { service: 'search', replicas: 3 }, '{"service":"search","replicas":3}'],
  ['a secret by its name', { POSTGRES_PASSWORD: 'x' }, '{"POSTGRES_PASSWORD":"••••••••"}'],
  ['also deep, and whatever its type', { env: { apiKey: { a: 1 } } }, '{"env":{"apiKey":"••••••••"}}'],
  ['a password in a text', { url: 'amqp://app:hunter2@mq' }, '{"url":"amqp://app:••••••••@mq"}'],
  [
    'a document by its digest alone',
    { document: 'a: hunter2' },
    '{"document":"10 characters, sha256 DIGEST"}'.replace(
      'DIGEST',
      createHash('sha256').update('a: hunter2').digest('hex').slice(0, 16),
    ),
  ],
  ['an empty secret is seen to be empty', { token: '' }, '{"token":""}'],
])('%s', (_, input, text) => {
  expect(summariseInput(input)).toBe(text);
});

test('a large input is cut, a circular one is no failure', () => {
  expect(summariseInput({ text: 'x'.repeat(9000) })).toHaveLength(2048);
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  expect(summariseInput(circle)).toBe('could not be written down');
});
