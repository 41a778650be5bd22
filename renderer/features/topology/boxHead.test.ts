import { expect, test } from 'vitest';
import { sampleService } from '../services/serviceSample.ts';
import { toBoxHead } from './boxHead.ts';

const port = (hostPort: number | null) => ({
  containerPort: 80,
  protocol: 'tcp' as const,
  hostIp: '0.0.0.0',
  hostPort,
});
const services = [
  sampleService({ name: 'nginx', ports: [port(443), port(80), port(80)] }),
  sampleService({ name: 'api', ports: [port(null)] }),
];
const network = { name: 'public', internal: false as boolean | null, services: ['nginx', 'api'] };

test.each([
  ['the sandbox enforces nothing', { ...network, internal: null }, services, 'sandbox', 'isolation not enforced here'],
  ['not known elsewhere', { ...network, internal: null }, services, 'docker', 'isolation not known'],
  ['a network that is no network', undefined, services, 'docker', 'isolation not known'],
  ['nor in the sandbox', undefined, services, 'sandbox', 'isolation not known'],
  ['internal', { ...network, internal: true }, services, 'docker', 'internal'],
  ['one service publishes', network, services, 'docker', 'publishes 80, 443'],
  [
    'several publish',
    network,
    [...services, sampleService({ name: 'api', ports: [port(8080)] })],
    'docker',
    '2 services publish ports',
  ],
  ['open, and nothing published', { ...network, services: ['api'] }, services, 'docker', 'not internal'],
] as const)('%s', (_, given, own, engineKind, text) => {
  expect(toBoxHead(given && { ...given, services: [...given.services] }, own, engineKind).text).toBe(text);
});

test('an unknown isolation is nowhere called internal, and its ports are still said', () => {
  const head = toBoxHead({ ...network, internal: null }, services, 'sandbox');
  expect(`${head.text} ${head.title}`).not.toContain('internal');
  expect(head.title).toContain('nginx publishes 80, 443');
});
