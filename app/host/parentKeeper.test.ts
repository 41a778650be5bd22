import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createReplayTokens } from '../services/secrets/replayTokens.ts';
import { absentKeeper } from '../services/secrets/secretKeeper.ts';
import { createParentKeeper } from './parentKeeper.ts';

interface Asked {
  secrets: number;
  call: string;
  name?: string;
  value?: string;
}

/** A desktop that keeps what it is told to; `answer` may say something else. */
function startParent(answer?: (asked: Asked) => object | undefined) {
  const kept = new Map<string, string>();
  const answers: Record<string, (asked: Asked) => unknown> = {
    about: () => ({
      keeps: true,
      detail: 'Sealed by a test.',
      damage: null,
      kept: [...kept.keys()].map((name) => ({ name, keptAt: 7 })),
    }),
    keep: ({ name = '', value = '' }) => void kept.set(name, value),
    recall: ({ name = '' }) => kept.get(name),
    forget: ({ name = '' }) => void kept.delete(name),
  };
  const parent = Object.assign(new EventEmitter(), {
    isChannelHeld: true,
    channel: {
      unref() {
        parent.isChannelHeld = false;
      },
    },
    send(message: unknown, _handle: undefined, _options: undefined, _sent: (error: Error | null) => void): boolean {
      const asked = message as Asked;
      const said = answer ? answer(asked) : { answer: answers[asked.call]?.(asked) };
      if (said) parent.emit('message', { secrets: asked.secrets, ...said });
      return true;
    },
  });
  return parent;
}

test('a token is kept by place, found by place, and forgotten', async () => {
  const parent = startParent();
  const tokens = createReplayTokens(createParentKeeper(parent));
  await tokens.keep('engine-a shop', 'token-a');
  expect(await tokens.get('engine-a shop')).toBe('token-a');
  // The same project on another engine is another place.
  await expect(tokens.get('engine-b shop')).rejects.toMatchObject({ code: 'secret-not-kept' });
  expect(await tokens.list()).toEqual([{ place: 'engine-a shop', keptAt: 7 }]);
  await tokens.forget('engine-a shop');
  expect(await tokens.list()).toEqual([]);
  expect(parent.isChannelHeld).toBe(false);
});

test('what the desktop refuses is the problem that is told', async () => {
  const keeper = createParentKeeper(startParent(() => ({ problem: 'The key ring is locked.' })));
  await expect(keeper.keep('name', 'value')).rejects.toMatchObject({
    code: 'secret-not-kept',
    message: 'The key ring is locked.',
  });
});

test('messages that answer nothing are passed over', async () => {
  const parent = startParent(() => undefined);
  const recalled = createParentKeeper(parent).recall('name');
  for (const message of [null, 'text', {}, { secrets: 99, answer: 'of another' }]) parent.emit('message', message);
  parent.emit('message', { secrets: 1, answer: 'the value' });
  expect(await recalled).toBe('the value');
});

test('a desktop that ends leaves nobody waiting', async () => {
  const parent = startParent(() => undefined);
  const asked = createParentKeeper(parent).about();
  parent.emit('disconnect');
  await expect(asked).rejects.toMatchObject({ code: 'secret-not-kept' });
});

test('a host without a desktop keeps nothing, and says so', async () => {
  expect(await absentKeeper.about()).toMatchObject({ keeps: false, kept: [] });
  await expect(createReplayTokens(absentKeeper).keep('place', 'token')).rejects.toMatchObject({
    code: 'secret-not-kept',
    remedy: expect.stringContaining('gatehouse desktop'),
  });
});
