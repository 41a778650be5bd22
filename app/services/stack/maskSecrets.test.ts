import { expect, test } from 'vitest';
import { maskText, maskVariable } from './maskSecrets.ts';

test.each([
  'POSTGRES_PASSWORD',
  'jwt_secret',
  'API_TOKEN',
  'AWS_ACCESS_KEY_ID',
  'GOOGLE_CREDENTIALS',
  'PGPASSWD',
  'DATA_SOURCE_PASS',
])('%s is masked', (name) => {
  expect(maskVariable(name, 'hunter2')).toEqual({ name, value: '••••••••', masked: true });
});

test.each(['DB_HOST', 'BYPASS_CACHE', 'LOG_LEVEL', 'POSTGRES_USER'])('%s is shown', (name) => {
  expect(maskVariable(name, 'value')).toEqual({ name, value: 'value', masked: false });
});

test('an empty secret is shown as empty: that is what is wrong', () => {
  expect(maskVariable('JWT_SECRET', '')).toEqual({ name: 'JWT_SECRET', value: '', masked: false });
});

test.each([
  ['postgres://shop:hunter2@db:5432/shop', 'postgres://shop:••••••••@db:5432/shop'],
  ['redis://:hunter2@redis:6379/0', 'redis://:••••••••@redis:6379/0'],
  ['amqp://u:hunter2@a:1,amqp://u:hunter2@b:1', 'amqp://u:••••••••@a:1,amqp://u:••••••••@b:1'],
  ['postgres://shop:hun@ter2@db/shop', 'postgres://shop:••••••••@db/shop'],
  ['server --api-key hunter2 --port 80', 'server --api-key •••••••• --port 80'],
  ['server --db-password=hunter2', 'server --db-password=••••••••'],
])('%s hides its password', (text, shown) => {
  expect(maskText(text)).not.toContain('hunter2');
  expect(maskText(text)).toBe(shown);
});

test('a URL without a password stays as it is', () => {
  expect(maskText('http://search:8002/query?at=user@host')).toBe('http://search:8002/query?at=user@host');
});
