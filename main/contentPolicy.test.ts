import { expect, test } from 'vitest';
import { findPolicyWeakness } from './contentPolicy.ts';

const HOST = '127.0.0.1:43117';
const STRICT =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  `connect-src 'self' ws://${HOST}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

function judge(...policies: string[]): string | undefined {
  return findPolicyWeakness({ 'Content-Security-Policy': policies }, HOST);
}

test.each([
  ["the host's own", STRICT],
  ['in capitals', STRICT.toUpperCase()],
  ['with less', STRICT.replace(" 'unsafe-inline'", '')],
  ['tightened further', `${STRICT}; sandbox allow-scripts; upgrade-insecure-requests`],
  ['with an unknown directive that allows nothing', `${STRICT}; fenced-frame-src 'none'`],
  ['repeated, since the first counts', `${STRICT}; script-src *`],
])('strict enough: %s', (_name, policy) => {
  expect(judge(policy)).toBeUndefined();
});

test('one strict policy beside a weak one is enough, since both are enforced', () => {
  expect(judge("default-src 'self'", STRICT)).toBeUndefined();
  expect(judge(`default-src *, ${STRICT}`)).toBeUndefined();
  expect(findPolicyWeakness({ 'content-security-policy': [STRICT] }, HOST)).toBeUndefined();
});

test.each<[policy: string, weakness: string]>([
  ['', 'lacks default-src'],
  ["script-src 'self'", 'lacks default-src'],
  [STRICT.replace("script-src 'self'; ", ''), 'lacks script-src'],
  [STRICT.replace("base-uri 'none'; ", ''), 'lacks base-uri'],
  [STRICT.replace("; form-action 'none'", ''), 'lacks form-action'],
  [STRICT.replace("frame-ancestors 'none'; ", ''), 'lacks frame-ancestors'],
  [STRICT.replace("default-src 'none'", "default-src 'self'"), "allows 'self' in default-src"],
  [STRICT.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), "allows 'unsafe-inline' in script-src"],
  [STRICT.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"), "allows 'unsafe-eval' in script-src"],
  [STRICT.replace("script-src 'self'", "script-src 'self' https://evil.com"), 'allows https://evil.com in script-src'],
  [STRICT.replace("script-src 'self'", 'script-src *'), 'allows * in script-src'],
  [STRICT.replace("script-src 'self'", "script-src 'self'; script-src-elem *"), 'allows * in script-src-elem'],
  [STRICT.replace("script-src 'self'", "script-src 'self'; script-src-attr 'unsafe-inline'"), 'script-src-attr'],
  [STRICT.replace(`ws://${HOST}`, 'ws://127.0.0.1:9'), 'allows ws://127.0.0.1:9 in connect-src'],
  [STRICT.replace(`ws://${HOST}`, 'ws:'), 'allows ws: in connect-src'],
  [`${STRICT}; frame-src data:`, 'allows data: in frame-src'],
  [`${STRICT}; worker-src blob:`, 'allows blob: in worker-src'],
  [`${STRICT}; report-uri https://evil.com/`, 'allows https://evil.com/ in report-uri'],
  [`${STRICT}; constructor`, 'unknown constructor'],
  [`script-src *; ${STRICT}`, 'allows * in script-src'],
  [`${STRICT}; img-src ${'a'.repeat(9000)}`, 'too long'],
])('too weak: %s', (policy, weakness) => {
  expect(judge(policy)).toContain(weakness);
});

test('a policy that only reports is none', () => {
  expect(findPolicyWeakness({ 'Content-Security-Policy-Report-Only': [STRICT] }, HOST)).toBe(
    'it has no content security policy',
  );
});
