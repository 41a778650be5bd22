import { describe, expect, test } from 'vitest';
import { parseStackContainer } from './stackContainer.ts';

const inspected = (given: object = {}) => ({
  Id: 'abc',
  Name: '/shop-web-1',
  State: { Status: 'running' },
  Config: { Labels: { 'com.docker.compose.service': 'web', 'com.docker.compose.container-number': '2' } },
  ...given,
});

test('nulls of Go are nothing', () => {
  const container = parseStackContainer(
    inspected({
      HostConfig: null,
      Mounts: null,
      NetworkSettings: { Networks: { n: { Aliases: null, IPAMConfig: null } } },
    }),
  );
  expect(container).toMatchObject({ service: 'web', replica: 2, oneOff: false, createdAt: null, health: 'none' });
  expect(container.inspected).toMatchObject({
    hostConfig: {},
    mounts: [],
    networks: { n: { networkId: '', aliases: [], ipv4Address: null } },
  });
});

test('what is no container is an error', () => {
  expect(() => parseStackContainer({ message: 'nope' })).toThrow();
});

describe('when it became healthy', () => {
  const probes = (codes: number[], Status = 'healthy', StartedAt = '') => {
    const Log = codes.map((ExitCode, index) => ({
      ExitCode,
      Output: '',
      End: new Date(1000 * (index + 1)).toISOString(),
    }));
    const State = { Status: 'running', StartedAt, Health: { Status, Log } };
    return parseStackContainer(inspected({ State })).healthyAt;
  };
  test.each([
    ['the first probe was good', [0], 1000],
    ['after bad ones', [1, 1, 0, 0], 3000],
    ['after the last bad one', [0, 1, 0], 3000],
    ['too long ago to know', [0, 0, 0, 0, 0], null],
    ['not probed yet', [], null],
  ] as const)('%s', (_, codes, expected) => {
    expect(probes([...codes])).toBe(expected);
  });

  test('counts from its start: the engine keeps the probes of its last run', () => {
    expect(probes([0, 0, 0, 0, 0], 'healthy', new Date(3_500).toISOString())).toBe(4000);
  });

  test('is not said of one that is not', () => {
    expect(probes([0], 'unhealthy')).toBeNull();
  });
});
