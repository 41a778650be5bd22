import { expect, test } from 'vitest';
import { findDeepLink, parseDeepLink } from './deepLink.ts';
import { VIEWS } from './menu.ts';

const PLACE = 'sandbox~shop-platform';

test.each([
  [`gatehouse://open/${PLACE}`, `/env/${PLACE}/overview`],
  [`gatehouse://open/${PLACE}/`, `/env/${PLACE}/overview`],
  [`GATEHOUSE://open/${PLACE}/traffic`, `/env/${PLACE}/traffic`],
  [
    `gatehouse://open/${PLACE}/traffic?filter=status:5xx%20ms>500`,
    `/env/${PLACE}/traffic?filter=status%3A5xx+ms%3E500`,
  ],
  [`gatehouse://open/${PLACE}/services?service=search`, `/env/${PLACE}/services?service=search`],
  // A dot segment that stays inside is resolved by the parser, as in every address.
  [`gatehouse://open/${PLACE}/./traffic`, `/env/${PLACE}/traffic`],
])('%s opens %s', (link, path) => {
  expect(parseDeepLink(link)).toBe(path);
});

test('every view can be opened', () => {
  for (const [view] of VIEWS) expect(parseDeepLink(`gatehouse://open/${PLACE}/${view}`)).toBe(`/env/${PLACE}/${view}`);
});

test.each([
  // Another scheme, or one that looks like ours.
  ['http', `http://open/${PLACE}/traffic`],
  ['script', 'javascript:alert(1)//gatehouse://open/'],
  ['a longer scheme', `gatehouses://open/${PLACE}`],
  ['a wrapped scheme', `blob:gatehouse://open/${PLACE}`],
  ['no authority', `gatehouse:open/${PLACE}`],
  ['an empty authority', `gatehouse:///open/${PLACE}`],
  // Another host, port or person.
  ['another verb', `gatehouse://apply/${PLACE}/stack`],
  ['our host as an address', `gatehouse://127.0.0.1:7788/env/${PLACE}`],
  ['a port', `gatehouse://open:80/${PLACE}`],
  ['a user', `gatehouse://open@evil.com/${PLACE}`],
  ['a user on our host', `gatehouse://x@open/${PLACE}`],
  ['a password', `gatehouse://x:y@open/${PLACE}`],
  // Another place.
  ['no environment', 'gatehouse://open/'],
  ['no engine', 'gatehouse://open/shop-platform/traffic'],
  ['a path out of it', `gatehouse://open/${PLACE}/../../session`],
  ['an encoded way out', `gatehouse://open/${PLACE}/%2e%2e%2fsession`],
  ['an encoded slash', `gatehouse://open/sandbox~shop%2fplatform/traffic`],
  ['a backslash', `gatehouse://open/${PLACE}\\..\\session`],
  ['two slashes', `gatehouse://open//evil.com/${PLACE}`],
  ['an upper-case name', 'gatehouse://open/Sandbox~Shop/traffic'],
  ['markup', 'gatehouse://open/<script>~x/traffic'],
  ['a name without end', `gatehouse://open/a~${'b'.repeat(200)}/traffic`],
  // Another view, or more behind it.
  ['no such view', `gatehouse://open/${PLACE}/session`],
  ['a property of objects', `gatehouse://open/${PLACE}/constructor`],
  ['a deeper path', `gatehouse://open/${PLACE}/traffic/x`],
  // What would prepare or confirm something, or take the session over.
  ['a plan', `gatehouse://open/${PLACE}/stack?plan=down&with=volumes`],
  ['a request to explain', `gatehouse://open/${PLACE}/routes?explain=GET+/`],
  ['a code in the fragment', `gatehouse://open/${PLACE}#code=ABCD-EFGH`],
  ['a code as a parameter', `gatehouse://open/${PLACE}?code=ABCD-EFGH`],
  ['a confirmation', `gatehouse://open/${PLACE}/stack?confirm=shop-platform`],
  ['a polluting name', `gatehouse://open/${PLACE}/traffic?__proto__=x`],
  ['a parameter twice', `gatehouse://open/${PLACE}/traffic?filter=a&filter=b`],
  ['a control character', `gatehouse://open/${PLACE}/traffic?filter=%00`],
  ['a line end', `gatehouse://open/${PLACE}/traffic?filter=a%0d%0ab`],
  ['a turned direction', `gatehouse://open/${PLACE}/traffic?filter=%E2%80%AEx`],
  ['a value without end', `gatehouse://open/${PLACE}/traffic?filter=${'a'.repeat(600)}`],
  // Spellings that a parser forgives.
  ['a tab inside', `gatehouse://op\ten/${PLACE}`],
  ['a line end inside', `gatehouse://open/${PLACE}\n--no-sandbox`],
  ['a space before', ` gatehouse://open/${PLACE}`],
  ['another alphabet', `gatehouse://оpen/${PLACE}`],
  ['an argument of the program', '--inspect=0.0.0.0:9229'],
  ['too long', `gatehouse://open/${PLACE}?filter=${'a'.repeat(3000)}`],
  ['nothing', ''],
])('refused: %s', (_name, link) => {
  expect(parseDeepLink(link)).toBeUndefined();
});

test('the last link among the arguments is the one', () => {
  expect(findDeepLink(['/opt/gatehouse', '--flag', 'gatehouse://open/a~b'])).toBe('gatehouse://open/a~b');
  expect(findDeepLink(['gatehouse://1', 'GateHouse://2'])).toBe('GateHouse://2');
  expect(findDeepLink(['/opt/gatehouse', '.'])).toBeUndefined();
});
