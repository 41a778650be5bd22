import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ApplyProgress, Plan } from '../../contract/index.ts';
import { createRunLines, findNewOutput } from './runProgress.ts';

const plan = { steps: [{ id: 'container shop-web-1', action: 'create' }] } as unknown as Plan;
const run = (state: ApplyProgress['state'], detail = '') => ({
  startedAt: 1000,
  steps: [{ step: 'container shop-web-1', state, detail, at: 0 }],
  output: [],
});

test('a step is told when it begins, waits for something, and ends', () => {
  const lines = createRunLines(plan);
  const views = [
    run('waiting'),
    run('running'),
    run('running', 'creating'),
    run('waiting', 'db: healthy, 0 s'),
    run('waiting', 'db: healthy, 12 s'),
    run('running', 'starting'),
    run('done', 'started'),
    run('done', 'started'),
  ];
  expect(views.flatMap((view, index) => lines.next(view, 1000 + index * 100))).toEqual([
    '   0.1 s  > create container shop-web-1',
    '   0.2 s  > create container shop-web-1: creating',
    '   0.3 s  . create container shop-web-1: waits for db: healthy, 0 s',
    '   0.5 s  > create container shop-web-1: starting',
    '   0.6 s  + create container shop-web-1: started',
  ]);
});

test.each<[ApplyProgress['state'], string]>([
  ['failed', '   0.0 s  x create container shop-web-1: failed, port 80 is taken'],
  ['skipped', '   0.0 s  - create container shop-web-1: skipped, port 80 is taken'],
])('a step that %s says why', (state, line) => {
  expect(createRunLines(plan).next(run(state, 'port 80 is taken'), 1000)).toEqual([line]);
});

test('every line of a build is printed once, while the run keeps the last ones only', () => {
  const limit = 5;
  const bursts = fc.array(fc.array(fc.constantFrom('a', 'b'), { maxLength: limit }), { maxLength: 20 });
  fc.assert(
    fc.property(bursts, (added) => {
      let kept: { step: string; line: string }[] = [];
      let next = 0;
      const printed: string[] = [];
      const all: string[] = [];
      for (const burst of added) {
        // Numbered, since of two equal lines nobody can say whether the second one is new.
        const lines = burst.map((text) => ({ step: 'image x', line: `${text}${next++}` }));
        all.push(...lines.map(({ line }) => line));
        const now = [...kept, ...lines].slice(-limit);
        printed.push(...findNewOutput(kept, now).map(({ line }) => line));
        kept = now;
      }
      expect(printed).toEqual(all);
    }),
  );
});
