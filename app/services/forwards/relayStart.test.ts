import { expect, test } from 'vitest';
import { toHelperBody } from './helperContainer.ts';
import { findRelayCommand } from './relayStart.ts';

const config = (given: object) =>
  ({
    Config: { Image: 'shop/api:1', Labels: {}, Env: [], Entrypoint: [], Cmd: [], Tty: false, ...given },
  }) as never;

test('a gateway runs its own program, whatever else its image has', () => {
  const own = config({ Image: 'gatehouse/api-gateway:0.1.0', Entrypoint: ['node', '/opt/gatehouse/gateway.js'] });
  expect(findRelayCommand(own, 'source')).toEqual(['node', '/opt/gatehouse/gateway.js', 'relay', '--allow', 'tcp']);
});

test.each([
  ['NODE_VERSION=24.11.1', true],
  ['NODE_VERSION=22.0.0', true],
  ['NODE_VERSION=20.19.0', false],
  ['NODE_VERSION=', false],
  ['PATH=/usr/bin', false],
])('with %s it is given the relay as a text: %s', (variable, isAble) => {
  const command = findRelayCommand(config({ Env: [variable] }), 'the relay');
  expect(command?.includes('the relay') ?? false).toBe(isAble);
  expect(findRelayCommand(config({ Env: [variable] }), null)).toBeUndefined();
});

test('a helper has no rights, writes nothing, keeps no log and ends with the one who is attached', () => {
  const consent = { image: 'node:24', network: 'shop_backend', purpose: 'x' };
  const body = toHelperBody(consent, ['node', '--eval', 'the relay']);
  expect(body).toMatchObject({
    Image: 'node:24',
    Entrypoint: ['node'],
    Cmd: ['--eval', 'the relay'],
    OpenStdin: true,
    StdinOnce: true,
    User: '65534:65534',
    HostConfig: {
      AutoRemove: true,
      NetworkMode: 'shop_backend',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none' },
    },
  });
  const ofGateway = toHelperBody({ ...consent, image: 'gatehouse/api-gateway:0.1.0' }, [
    'node',
    'g.js',
    'relay',
    '--allow',
    'tcp',
  ]);
  expect(ofGateway).not.toHaveProperty('Entrypoint');
  expect(ofGateway).toMatchObject({ Cmd: ['relay', '--allow', 'tcp'] });
});
