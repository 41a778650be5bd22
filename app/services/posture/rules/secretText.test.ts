import { expect, test } from 'vitest';
import { findSecret, findSecretArgument, isDefaultPassword } from './secretText.ts';

test.each([
  ['POSTGRES_PASSWORD', 'kX9vQ2mW7pLr', 'a secret by its name'],
  ['db.password', 'kX9vQ2mW7pLr', 'a secret by its name'],
  ['JWT_SECRET', 'kX9vQ2mW7pLr', 'a secret by its name'],
  ['AWS_SECRET_ACCESS_KEY', 'kX9vQ2mW7pLr', 'a secret by its name'],
  ['STRIPE', `sk_live_${'a1'.repeat(12)}`, 'a Stripe key'],
  ['NOTE', 'AKIAIOSFODNN7EXAMPLE', 'an AWS access key'],
  ['AUTH', 'eyJhbGciOiJIUzI1.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'a JSON Web Token'],
  ['PEM', '-----BEGIN EC PRIVATE KEY-----\nMHc', 'a private key'],
  ['DATABASE_URL', 'postgres://shop:hunter2@db/shop', 'a password in a URL'],
])('%s is found', (name, value, what) => {
  expect(findSecret({ name, value })).toBe(what);
});

test.each([
  ['POSTGRES_PASSWORD_FILE', '/run/secrets/db'],
  ['POSTGRES_PASSWORD', ''],
  ['GF_SECURITY_ADMIN_PASSWORD__FILE', '/run/secrets/grafana'],
  ['TOKEN_TTL', '3600'],
  ['ACCESS_TOKEN_SECONDS', '900'],
  ['JWT_SECRET', '/run/secrets/jwt'],
  ['PASSWORD_POLICY', 'long'],
  ['KEYCLOAK_URL', 'http://keycloak:8080'],
  ['TOKEN_URL', 'https://issuer.example/token'],
  ['PUBLIC_KEY', 'kX9vQ2mW7pLr'],
  ['PARTITION_KEY', 'customer'],
  ['DATABASE_URL', 'postgres://db/shop'],
  ['COMPASS', 'north'],
])('%s=%s is none', (name, value) => {
  expect(findSecret({ name, value })).toBeUndefined();
});

test('arguments: named, in a URL, behind an equals sign; a file is none', () => {
  expect(findSecretArgument(['redis-server', '--requirepass', 'hunter2hunter2'])).toBe('--requirepass');
  expect(findSecretArgument(['serve', '--api-key=kX9vQ2mW7pLr'])).toBe('--api-key');
  expect(findSecretArgument(['serve', 'amqp://shop:hunter2@queue'])).toBe('one of its arguments');
  expect(findSecretArgument(['serve', '--password-file', '/run/secrets/x'])).toBeUndefined();
  expect(findSecretArgument(['serve', '--token', '--verbose'])).toBeUndefined();
});

test('a default password is a common one, or the user’s own name', () => {
  const user = { name: 'POSTGRES_USER', value: 'shopkeeper' };
  expect(isDefaultPassword({ name: 'POSTGRES_PASSWORD', value: 'PostGres' }, [user])).toBe(true);
  expect(isDefaultPassword({ name: 'POSTGRES_PASSWORD', value: 'shopkeeper' }, [user])).toBe(true);
  expect(isDefaultPassword({ name: 'POSTGRES_PASSWORD', value: 'kX9vQ2mW7pLr' }, [user])).toBe(false);
  expect(isDefaultPassword({ name: 'POSTGRES_USER', value: 'postgres' }, [])).toBe(false);
});
