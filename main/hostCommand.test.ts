import { expect, test } from 'vitest';
import { createHostCommand, findEntryUrl } from './hostCommand.ts';

const INSTALLED = { environment: {}, resourcesPath: '/app', platform: 'linux', isPackaged: true } as const;
const NAMED = {
  GATEHOUSE_NODE: '/opt/node',
  GATEHOUSE_PROGRAM: '/opt/gatehouse.js',
  GATEHOUSE_SERVE_ARGUMENTS: '["--engine","sandbox"]',
};

test('the command line names Node, program and options', () => {
  expect(createHostCommand({ ...INSTALLED, environment: NAMED, isPackaged: false }, 0)).toEqual({
    node: '/opt/node',
    args: [
      ...['/opt/gatehouse.js', 'serve', '--port', '0', '--no-open', '--until-stdin-ends', '--secrets-with-parent'],
      ...['--engine', 'sandbox'],
    ],
  });
});

test('an installed window finds both beside itself, whatever the environment says', () => {
  for (const environment of [{}, NAMED]) {
    const { node, args } = createHostCommand({ ...INSTALLED, environment }, 43117);
    expect({ node, args }).toEqual({
      node: '/app/node',
      args: [
        '/app/app.asar.unpacked/dist/host/gatehouse.js',
        'serve',
        '--port',
        '43117',
        '--no-open',
        '--until-stdin-ends',
        '--secrets-with-parent',
      ],
    });
  }
});

test.each(['{', '"--engine"', '[1]', 'null'])('options that are no list of texts are left out: %s', (text) => {
  const environment = { GATEHOUSE_SERVE_ARGUMENTS: text };
  expect(createHostCommand({ ...INSTALLED, environment, isPackaged: false }, 0).args).toHaveLength(7);
});

test.each<[line: string, url: string | undefined]>([
  ['Gatehouse: http://127.0.0.1:7788/#code=ABCD-EFGH\r', 'http://127.0.0.1:7788/#code=ABCD-EFGH'],
  ['Gatehouse: http://evil.com/#code=ABCD-EFGH', undefined],
  ['Gatehouse: http://127.0.0.1:7788@evil.com/#code=ABCD-EFGH', undefined],
  ['something else', undefined],
])('the address of %j is %j', (line, url) => {
  expect(findEntryUrl(line)).toBe(url);
});
