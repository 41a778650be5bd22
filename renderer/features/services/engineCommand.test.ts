import { describe, expect, it } from 'vitest';
import { toEngineCommand } from './engineCommand.ts';

const engine = {
  kind: 'docker',
  place: 'this machine',
  origin: 'default socket',
  state: 'reachable',
  version: null,
  problem: null,
} as const;

describe('toEngineCommand', () => {
  it.each([
    ['docker', 'unix:///var/run/docker.sock', 'docker inspect shop-search-1'],
    ['sandbox', 'unix:///run/gatehouse/s.sock', 'docker -H unix:///run/gatehouse/s.sock inspect shop-search-1'],
    ['shop-1', 'ssh://ops@shop-1', 'docker -H ssh://ops@shop-1 inspect shop-search-1'],
  ])('%s', (id, address, command) => {
    expect(toEngineCommand({ ...engine, id, address }, ['inspect', 'shop-search-1'])).toBe(command);
  });

  it('quotes a name that is no word', () => {
    const command = toEngineCommand({ ...engine, id: 'docker', address: '' }, ['inspect', 'a; rm -rf ~']);
    expect(command).toBe("docker inspect 'a; rm -rf ~'");
  });
});
