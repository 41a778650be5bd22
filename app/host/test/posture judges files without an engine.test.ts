import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Posture, postureSchema } from '../../contract/index.ts';
import { createRuntimeFolder, runCli } from './runCli.ts';
import { temporaryFolder } from './startTestHost.ts';

const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const closed = `
name: shop
services:
  web:
    image: orders:1.2.3
    restart: always
    read_only: true
    user: "1000"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    logging: { options: { max-size: 10m } }
    deploy: { resources: { limits: { cpus: "0.5", memory: 64M } } }
    healthcheck: { test: [CMD, "true"] }
    networks: [inside]
networks:
  inside: { internal: true }
`;

function run(text: string, ...args: string[]) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'compose.yaml'), text);
  return runCli(['posture', '--stack', folder, ...args], createRuntimeFolder(), nowhere);
}

test('a closed stack of one file ends with 0 where no engine is there, an open one with 1; both say what was judged', async () => {
  const [found, open] = await Promise.all([
    run(closed, '--mode', 'prod', '--json'),
    run(closed.replace('restart: always', 'privileged: true'), '--files'),
  ]);
  expect(found.stderr).toMatch(/the files alone were judged/);
  const posture = postureSchema.parse(JSON.parse(found.stdout)) as Posture;
  expect(found.code).toBe(0);
  expect(posture).toMatchObject({ project: 'shop', mode: 'prod', basis: 'files', from: 'compose.yaml' });
  expect(Object.keys(posture.rules[0] ?? {})).toEqual(
    expect.arrayContaining(['id', 'severity', 'status', 'evidence', 'remedy', 'source']),
  );
  expect(open.code).toBe(1);
  expect(open.stdout).toMatch(/^Production is not closed: 1 critical\n/);
  expect(open.stdout).toContain('web: is privileged');
}, 60_000);
