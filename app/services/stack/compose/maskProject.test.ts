import { expect, test } from 'vitest';
import { toProject } from '../../test/simulatedStack.ts';
import { mask } from '../maskSecrets.ts';
import { maskProject } from './maskProject.ts';

const secret = 'correct-horse';
const said = (project: Parameters<typeof maskProject>[0], variables = {}) =>
  JSON.stringify(maskProject(project, variables));

test('values under secret names, behind flags and in addresses are masked', () => {
  const project = toProject({
    db: {
      environment: { DB_PASSWORD: secret, DB_URL: `postgres://shop:${secret}2@db/shop`, DB_USER: 'shop' },
      command: ['serve', '--api-key', `${secret}3`, '--requirepass', 'short', `--token=${secret}4`],
      labels: { 'auth.secret': `${secret}5` },
      build: { context: '/srv/db', args: { NPM_TOKEN: `${secret}6` } },
    },
  });
  const shown = said(project);
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain('short');
  expect(shown).toContain('"DB_USER":"shop"');
  expect(shown).toContain('/srv/db');
});

test('what a secret variable holds is masked wherever a program is told it', () => {
  const project = toProject({
    db: { environment: { POSTGRES_PASSWORD: secret } },
    job: { command: ['sh', '-c', `login ${secret}`], healthcheck: { test: ['CMD', 'probe', secret] } },
  });
  expect(said(project)).not.toContain(secret);
});

test('a variable of .env that only a command uses is a secret as well', () => {
  const project = toProject({ job: { command: ['sh', '-c', `login ${secret}`] } });
  expect(said(project, { ADMIN_TOKEN: secret })).not.toContain(secret);
});

test('names, images and paths stay, though a password equals one', () => {
  const project = toProject({ postgres: { image: 'postgres:16', environment: { POSTGRES_PASSWORD: 'postgres' } } });
  const { services } = maskProject(project);
  expect(services.postgres?.image).toBe('postgres:16');
  expect(services.postgres?.environment).toEqual({ POSTGRES_PASSWORD: mask });
});

test('what secrets and configs hold in the files is masked: the one whole, the other where it is a secret', () => {
  const project = toProject(
    { db: { environment: { TOKEN: secret } } },
    {
      secrets: { jwt: { name: 'shop_jwt', content: 'anything' } },
      configs: { app: { name: 'shop_app', content: `level=info\ntoken=${secret}` } },
    },
  );
  const { secrets, configs } = maskProject(project);
  expect(secrets?.jwt).toEqual({ name: 'shop_jwt', content: mask });
  expect(configs?.app).toEqual({ name: 'shop_app', content: `level=info\ntoken=${mask}` });
});

test('a project without secrets is shown as it is', () => {
  const project = toProject(
    {
      a: {
        command: ['serve', '--port', '80'],
        environment: { LEVEL: 'info' },
        depends_on: {},
        ports: [{ target: 80 }],
      },
    },
    { volumes: { data: { name: 'shop_data' } }, 'x-note': { any: ['thing', 1, null] } },
  );
  expect(maskProject(project)).toEqual(project);
});
