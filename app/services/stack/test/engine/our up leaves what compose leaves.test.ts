// Docker compose as the oracle: for each small project the engine's state after our `up` is the one after compose's.
import { beforeEach, describe, expect, test } from 'vitest';
import { ComposeStack, needEngine } from './composeStack.ts';
import { readState } from './engineState.ts';
import { PROJECTS, type SmallProject } from './projects.ts';

const TIMEOUT_MS = 400_000;

beforeEach(needEngine);

async function inStack({ prepare, text }: SmallProject, work: (stack: ComposeStack) => Promise<void>): Promise<void> {
  const stack = new ComposeStack('like');
  try {
    prepare?.(stack.folder);
    stack.write(text);
    await work(stack);
  } finally {
    await stack.close();
  }
}

function change(stack: ComposeStack, { text, change: [from, to] }: SmallProject): void {
  if (!text.includes(from)) throw new Error(`the project has no ${from}`);
  stack.write(text.replace(from, to));
}

describe('the state is the same, and each leaves alone what the other made', { timeout: TIMEOUT_MS }, () => {
  test.concurrent.each(PROJECTS)('$about', (small) =>
    inStack(small, async (stack) => {
      await stack.compose('up', '--detach', '--pull', 'never');
      const theirs = await readState(stack);
      expect(toWords(await stack.plan())).toEqual([]);
      await stack.compose('down', '--volumes');

      await stack.up();
      expect(await readState(stack)).toEqual(theirs);
      expect(toWords(await stack.plan())).toEqual([]);
      const before = await stack.containers();
      await stack.compose('up', '--detach', '--pull', 'never');
      expect(findReplaced(before, await stack.containers())).toEqual(toOwn(stack, small.isMadeAnewByCompose ?? []));
    }),
  );
});

describe('one changed field makes the same containers anew, and down leaves nothing', { timeout: TIMEOUT_MS }, () => {
  test.concurrent.each(PROJECTS)('$about', (small) =>
    inStack(small, async (stack) => {
      await stack.compose('up', '--detach', '--pull', 'never');
      const before = await stack.hashes();
      change(stack, small);
      const planned = (await stack.plan()).plan.steps.filter(({ action }) => action === 'recreate');
      await stack.compose('up', '--detach', '--pull', 'never');
      // By their own change: compose 2.26 also makes every dependent anew, which later ones and the specification do not.
      const replaced = findReplaced(before, await stack.hashes());
      expect(replaced.length).toBeGreaterThan(0);
      expect(planned.map(({ name }) => name).sort()).toEqual(replaced);
      expect(toWords(await stack.plan())).toEqual([]);

      expect((await stack.down({ removeVolumes: true })).outcome).toBe('applied');
      expect(await stack.leftovers()).toEqual([]);
    }),
  );
});

const toWords = ({ plan }: Awaited<ReturnType<ComposeStack['plan']>>) =>
  plan.steps.map(({ action, name, reason, changes }) => [action, name, reason, changes]);

function findReplaced(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .sort();
}

const toOwn = (stack: ComposeStack, services: readonly string[]) => services.map((name) => `${stack.name}-${name}-1`);
