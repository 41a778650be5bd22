import { expect, test } from 'vitest';
import { createHostCommand, findEntryUrl } from './hostCommand.ts';

test('the command line names Node, program and options', () => {
  const environment = {
    GATEHOUSE_NODE: '/opt/node',
    GATEHOUSE_PROGRAM: '/opt/gatehouse.js',
    GATEHOUSE_SERVE_ARGUMENTS: '["--engine","sandbox"]',
  };
  expect(createHostCommand({ environment, resourcesPath: '/r', platform: 'linux' })).toEqual({
    node: '/opt/node',
    args: ['/opt/gatehouse.js', 'serve', '--port', '0', '--no-open', '--until-stdin-ends', '--engine', 'sandbox'],
  });
});

test('an installed window finds both beside itself', () => {
  const { node, args } = createHostCommand({ environment: {}, resourcesPath: '/app', platform: 'linux' });
  expect([node, args[0]]).toEqual(['/app/node', '/app/dist/host/gatehouse.js']);
});

test.each(['{', '"--engine"', '[1]', 'null'])('options that are no list of texts are left out: %s', (text) => {
  const environment = { GATEHOUSE_SERVE_ARGUMENTS: text };
  expect(createHostCommand({ environment, resourcesPath: '/app', platform: 'linux' }).args).toHaveLength(6);
});

test.each<[line: string, url: string | undefined]>([
  ['Gatehouse: http://127.0.0.1:7788/#code=ABCD-EFGH\r', 'http://127.0.0.1:7788/#code=ABCD-EFGH'],
  ['Gatehouse: http://evil.com/#code=ABCD-EFGH', undefined],
  ['Gatehouse: http://127.0.0.1:7788@evil.com/#code=ABCD-EFGH', undefined],
  ['something else', undefined],
])('the address of %j is %j', (line, url) => {
  expect(findEntryUrl(line)).toBe(url);
});
