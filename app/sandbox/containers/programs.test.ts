import { expect, test } from 'vitest';
import { findImagePorts, toArguments, toEnvironment, toRepository, toWorkload } from './programs.ts';

test.each([
  ['postgres:16.10', 'postgres'],
  ['registry:5000/team/name', 'registry:5000/team/name'],
  ['registry:5000/team/name:1@sha256:abc', 'registry:5000/team/name'],
])('the repository of %s is %s', (image, repository) => {
  expect(toRepository(image)).toBe(repository);
});

test.each([
  ['gatehouse/api-gateway:0.1.0', [], { kind: 'gateway' }, [8080]],
  ['gatehouse/platform-service:0.1.0', ['search'], { kind: 'service', role: 'search' }, [8002]],
  ['gatehouse/platform-service:0.1.0', ['toString'], { kind: 'service', role: 'toString' }, []],
  ['docker.elastic.co/elasticsearch/elasticsearch:8.19.3', [], { kind: 'standIn', product: 'elasticsearch' }, [9200]],
  ['jaegertracing/all-in-one:1.76.0', [], { kind: 'standIn', product: 'jaeger' }, [16686]],
  ['mycorp/api', [], { kind: 'standIn', product: 'api' }, []],
])('%s with command %j', (image, command, workload, ports) => {
  expect(toWorkload(image, command)).toEqual(workload);
  expect(findImagePorts(toWorkload(image, command))).toEqual(ports);
});

test('a stand-in is told which product it stands for, and never gets the command of the image', () => {
  const programs = { node: 'node', gateway: ['gateway.js'], service: ['service.js'], gatewayConfig: '' };
  expect(toArguments({ kind: 'standIn', product: 'redis' }, programs, ['redis-server', '--save'])).toEqual([
    'service.js',
    'stand-in',
    'redis',
  ]);
});

test('a compose file cannot load code into a process of the operator, nor say what the engine says', () => {
  const given = [
    'NODE_OPTIONS=--import=evil',
    'LD_PRELOAD=x',
    'PATH=/evil',
    'GATEHOUSE_PORTS={}',
    'LOG_LEVEL=DEBUG',
    'GATEHOUSE_FAULTS=1',
  ];
  expect(toEnvironment(given, { PATH: '/bin' })).toEqual({ PATH: '/bin', LOG_LEVEL: 'DEBUG', GATEHOUSE_FAULTS: '1' });
});
