import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { KeptPlan } from '../../contract/index.ts';
import { type Consent, obtainConsent, type Question, toConfirmation, toQuestions } from './consent.ts';

type Asked = Parameters<typeof toQuestions>[0];

function asked({
  guard = 'open',
  removed = [],
  carried = [],
}: Partial<Record<'removed' | 'carried', string[]>> & { guard?: KeptPlan['guard'] }): Asked {
  const plan = {
    project: 'shop',
    volumes: removed.map((name) => ({ name, fate: 'removed' })),
    warnings: carried.map((subject) => ({ code: 'data-crosses-modes', subject })),
  };
  return { plan, guard } as unknown as Asked;
}

const plain = asked({});
const guarded = asked({ guard: 'confirm' });
const removing = asked({ removed: ['shop_data'] });
const carrying = asked({ carried: ['shop_data'], removed: ['shop_old'] });

test.each<[what: string, plan: Asked, consent: Consent, questions: string[]]>([
  ['an open place asks once', plain, { yes: 0 }, ['carryOut']],
  ['--yes answers that', plain, { yes: 1 }, []],
  ['a guarded place asks for the name too', guarded, { yes: 0 }, ['carryOut', 'name']],
  ['however often yes was said', guarded, { yes: 5 }, ['name']],
  ['until the name was given', guarded, { yes: 1, confirm: 'shop' }, []],
  ['the name alone is no yes', guarded, { yes: 0, confirm: 'shop' }, ['carryOut']],
  ['removing volumes asks twice', removing, { yes: 0 }, ['carryOut', 'name']],
  ['one yes is not two', removing, { yes: 1 }, ['name']],
  ['two are', removing, { yes: 2 }, []],
  ['data that crosses modes wants the name', carrying, { yes: 2 }, ['name']],
  ['and takes it', carrying, { yes: 1, confirm: 'shop' }, []],
])('%s', (_what, plan, consent, questions) => {
  expect(toQuestions(plan, consent).map(({ kind }) => kind)).toEqual(questions);
});

test('the name of another project is refused before anything is asked', () => {
  expect(() => toQuestions(plain, { yes: 1, confirm: 'shop-2' })).toThrow(
    '--confirm says "shop-2", and this is "shop"',
  );
});

test('the services hear the name where they ask for it, and only there', () => {
  expect([plain, guarded, removing, carrying].map(toConfirmation)).toEqual([
    {},
    { confirm: 'shop' },
    { confirm: 'shop' },
    { confirm: 'shop' },
  ]);
});

const both: Question[] = [{ kind: 'carryOut' }, { kind: 'name', why: 'data \u001b[2Jwould go', isSecondYes: false }];

/** Types each line once it is asked for something, as a person does; null ends the input. */
function typing(...lines: (string | null)[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const line = lines.shift();
    if (line === null) input.end();
    else input.write(`${line ?? ''}\n`);
  });
  return { terminal: { input, output }, shown: () => shown };
}

test('both answers let it go on', async () => {
  const { terminal, shown } = typing('y', 'shop');
  await obtainConsent(both, 'shop', terminal);
  expect(shown()).toContain('[y/N]');
  expect(shown()).not.toContain('\u001b');
});

test.each<[what: string, lines: (string | null)[]]>([
  ['return alone', ['']],
  ['another word', ['yesterday']],
  ['an end of the input', [null]],
  ['a yes and another name', ['yes', 'shop-2']],
  ['a yes instead of the name', ['yes', 'yes']],
])('%s does not', async (_what, lines) => {
  await expect(obtainConsent(both, 'shop', typing(...lines).terminal)).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('nothing was done'),
  });
});

test('where nobody can be asked, it is wrong use, and said what to say', async () => {
  await expect(obtainConsent(both, 'shop', undefined)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/say --yes and --confirm shop, since data/),
  });
  await obtainConsent([], 'shop', undefined);
});
