import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { judgeFiles } from '../judgeFiles.ts';

/** Files by name; judged as production. */
async function judge(files: Record<string, string>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ 'compose.yaml': open, ...files }))
    writeFileSync(join(folder, name), text);
  const posture = await judgeFiles({ folder, mode: 'prod', environment: {}, now: () => Date.UTC(2026, 10, 28) });
  const find = (id: string) => posture.rules.find((rule) => rule.id === id);
  return { posture, find };
}

const open = 'name: shop\nservices: { web: { image: "orders:1.2.3", privileged: true } }\n';
const waiver = (rule: string) =>
  `waivers: [{ rule: ${rule}, subject: web, reason: it drives a device, expires: 2027-01-01 }]`;

test('what is waived stands with its reason', async () => {
  const { find, posture } = await judge({ 'gatehouse.waivers.yaml': waiver('isolation.privileged') });
  expect(find('isolation.privileged')?.evidence).toEqual([
    expect.objectContaining({ status: 'waived', waiver: { reason: 'it drives a device', expires: '2027-01-01' } }),
  ]);
  expect(posture.waivers).toEqual({ file: 'gatehouse.waivers.yaml', problem: null, notes: [] });
});

test('waivers that are wrong waive nothing, and are said with their place', async () => {
  const { find, posture } = await judge({ 'gatehouse.waivers.yaml': waiver('isolation.priviliged') });
  expect(find('isolation.privileged')?.status).toBe('fail');
  expect(posture.waivers.problem).toMatch(/^gatehouse\.waivers\.yaml:1:\d+: there is no rule "isolation.priviliged"/);
});

test('the production files are taken where there are some, else those that there are', async () => {
  const production = 'services: { web: { privileged: false } }';
  expect((await judge({})).posture.from).toBe('compose.yaml');
  const { posture, find } = await judge({ 'docker-compose.prod.yaml': production });
  expect(posture.from).toBe('compose.yaml, docker-compose.prod.yaml');
  expect(find('isolation.privileged')?.status).toBe('pass');
});

test('files that are wrong are said with their place', async () => {
  await expect(judge({ 'compose.yaml': 'services: { web: { imag: x } }' })).rejects.toMatchObject({
    code: 'compose-invalid',
    message: expect.stringMatching(/^compose\.yaml:1:\d+/),
  });
});

test('the gateway’s configuration is read where it is mounted, and its fault is no fault of the posture', async () => {
  const compose = `services:
  api:
    image: gatehouse/api-gateway:0.1.0
    environment: { GATEHOUSE_CONFIG: /etc/gatehouse/gateway.yaml }
    volumes: ["./:/etc/gatehouse:ro"]
`;
  const gateway =
    'version: 1\nupstreams: { a: { url: "http://a:1" } }\nroutes: [{ id: all, paths: [/], upstream: a }]\n';
  const { find } = await judge({ 'compose.yaml': compose, 'gateway.yaml': gateway });
  expect(find('gateway.authentication')?.evidence[0]).toMatchObject({
    subjects: ['all'],
    status: 'fail',
    where: 'gateway.yaml',
  });
  const broken = await judge({ 'compose.yaml': compose, 'gateway.yaml': 'version: 2\n' });
  expect(broken.find('gateway.authentication')?.evidence[0]).toMatchObject({
    status: 'unknown',
    seen: expect.stringMatching(/^gateway\.yaml is not valid: /),
  });
});

test('services are what x-gatehouse says that they are', async () => {
  const compose = `x-gatehouse: { edge: door, store: ledger }
services:
  door: { image: "door:1.0", ports: ["443:443"], networks: [front] }
  ledger: { image: "ledger:1.0", networks: [front] }
networks: { front: {} }
`;
  const { find } = await judge({ 'compose.yaml': compose });
  expect(find('exposure.edge-only')?.status).toBe('pass');
  expect(find('reach.edge')?.evidence[0]).toMatchObject({ subjects: ['door'], seen: 'reaches ledger over front' });
});
