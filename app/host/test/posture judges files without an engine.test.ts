import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Posture, postureSchema } from '../../contract/index.ts';
import { createRuntimeFolder, runCli } from './runCli.ts';
import { temporaryFolder } from './startTestHost.ts';

const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
const closed = `
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

function makeStack(text: string, waivers?: string): string {
  const folder = join(temporaryFolder(), 'shop');
  mkdirSync(folder);
  writeFileSync(join(folder, 'compose.yaml'), text);
  if (waivers !== undefined) writeFileSync(join(folder, 'gatehouse.waivers.yaml'), waivers);
  return folder;
}

const run = (...args: string[]) => runCli(['posture', ...args], createRuntimeFolder(), nowhere);

test('a closed stack of one file ends with 0, where no engine is there, and says what it judged', async () => {
  const { code, stdout, stderr } = await run('--mode', 'prod', '--json', '--stack', makeStack(closed));
  expect(stderr).toMatch(/the files alone were judged/);
  const posture = postureSchema.parse(JSON.parse(stdout)) as Posture;
  expect({ code, mode: posture.mode, basis: posture.basis, from: posture.from }).toEqual({
    code: 0,
    mode: 'prod',
    basis: 'files',
    from: 'compose.yaml',
  });
  expect(Object.keys(posture.rules[0] ?? {})).toEqual(
    expect.arrayContaining(['id', 'severity', 'status', 'evidence', 'remedy', 'source']),
  );
});

test('an open one ends with 1; what is waived does not count', async () => {
  const open = closed.replace('networks: [inside]', 'networks: [inside]\n    privileged: true');
  const found = await run('--files', '--stack', makeStack(open));
  expect(found.code).toBe(1);
  expect(found.stdout).toMatch(/^Production is not closed: 1 critical\n/);
  expect(found.stdout).toContain('web: is privileged');
  const waiver =
    'waivers: [{ rule: isolation.privileged, subject: web, reason: it drives a device, expires: 2999-01-01 }]';
  const waived = await run('--files', '--stack', makeStack(open, waiver));
  expect(waived.code).toBe(0);
  expect(waived.stdout).toContain('waived until 2999-01-01: it drives a device');
});

test('waivers that are wrong waive nothing, and are said with their place', async () => {
  const { code, stdout } = await run('--files', '--stack', makeStack(closed, 'waivers:\n  - { rule: no.such }\n'));
  expect(code).toBe(0);
  expect(stdout).toMatch(/waivers: gatehouse\.waivers\.yaml:2:\d+: .*None of them counts\./);
});

test('files that are wrong end with 1 and their place, a folder without files with 2', async () => {
  expect(await run('--files', '--stack', makeStack('services: { web: { imag: x } }'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/compose\.yaml:1:\d+/),
  });
  expect((await run('--files', '--stack', temporaryFolder())).code).toBe(2);
});
