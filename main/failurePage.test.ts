import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeHostEnd, FAILURE_POLICY, type Failure, toFailureHtml, toFailureUrl } from './failurePage.ts';

const FAILURE: Failure = {
  title: 'The host of the console has ended.',
  facts: [['Exit code', '1']],
  lines: ['one', 'two'],
  logPath: '/home/a/logs/host.log',
};

test('it says what happened, where the log is, and offers three ways on', () => {
  const html = toFailureHtml(FAILURE);
  for (const text of ['has ended', '<dt>Exit code</dt><dd>1</dd>', 'one\ntwo', '/home/a/logs/host.log']) {
    expect(html).toContain(text);
  }
  expect([...html.matchAll(/<button name="(\w+)"/g)].map(([, name]) => name)).toEqual([
    'restartHost',
    'openLogFolder',
    'quit',
  ]);
});

test('its policy allows its own script and style by their hashes, and nothing else', () => {
  const html = toFailureHtml(FAILURE);
  const hash = (tag: string) => {
    const [, text = ''] = new RegExp(`<${tag}>([^]*)</${tag}>`).exec(html) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  expect(FAILURE_POLICY).toBe(
    `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}; base-uri 'none'; form-action 'none'`,
  );
  expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="${FAILURE_POLICY}">`);
  // Before everything that it governs.
  expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<style>'));
});

test.each([
  ['</pre><script>alert(1)</script>', '&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ["' onmouseover='alert(1)", '&#39; onmouseover=&#39;alert(1)'],
  ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ['\u001b[31mred\u0000', '\ufffd[31mred\ufffd'],
  ['gpj.\u202eexe', 'gpj.\ufffdexe'],
])('hostile text is shown as text: %j', (hostile, shown) => {
  const html = toFailureHtml({ title: hostile, facts: [[hostile, hostile]], lines: [hostile], logPath: hostile });
  expect(html.split(shown)).toHaveLength(6);
  expect(html).not.toContain(hostile);
});

test('the address holds the whole page', () => {
  const url = toFailureUrl({ ...FAILURE, lines: ['€ Ω 🚦'] });
  const [, base64 = ''] = /^data:text\/html;charset=utf-8;base64,([A-Za-z0-9+/=]+)$/.exec(url) ?? [];
  expect(Buffer.from(base64, 'base64').toString()).toContain('€ Ω 🚦');
});

test.each<[exit: Parameters<typeof describeHostEnd>[0], restarts: number, title: string, facts: string]>([
  [{ code: 1, signal: null }, 3, 'has ended', 'Exit code: 1, Since it was last well: Restarted 3 times'],
  [
    { code: null, signal: 'SIGKILL' },
    1,
    'has ended',
    'Ended by signal: SIGKILL, Since it was last well: Restarted once',
  ],
  [
    { code: null, signal: null, spawnError: 'cannot run /node: ENOENT' },
    0,
    'could not be started',
    'Reason: cannot run /node: ENOENT, Since it was last well: Not restarted',
  ],
])('%j after %i restarts', (exit, restarts, title, facts) => {
  const described = describeHostEnd(exit, restarts);
  expect(described.title).toContain(title);
  expect(described.facts.map(([label, value]) => `${label}: ${value}`).join(', ')).toBe(facts);
});
