// Secrets are kept by the desktop that started this host, which is asked over the channel of Node's child processes: no other
// program can write into it. main/secretCalls.ts reads what is sent here.
import type { EventEmitter } from 'node:events';
import { z } from 'zod';
import { notKept, type SecretKeeper } from '../services/secrets/secretKeeper.ts';

/** So much of `process` as is used. */
export interface ParentChannel extends Pick<EventEmitter, 'on'> {
  send?:
    | ((message: unknown, handle: undefined, options: undefined, sent: (error: Error | null) => void) => boolean)
    | undefined;
  channel?: { unref(): void } | null | undefined;
}

const answerSchema = z.object({
  secrets: z.number(),
  answer: z.unknown().optional(),
  problem: z.string().max(1000).optional(),
});
const aboutSchema = z.object({
  keeps: z.boolean(),
  detail: z.string().max(1000),
  damage: z.string().max(1000).nullable(),
  kept: z.array(z.object({ name: z.string().max(1100), keptAt: z.number() })),
});

/** The system may ask its user to open the key ring first. */
const ANSWER_MS = 60_000;
const REMEDY = "Open the system's key ring and try again, or give the token with each replay.";

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export function createParentKeeper(parent: ParentChannel): SecretKeeper {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  parent.on('message', (message: unknown) => {
    const said = answerSchema.safeParse(message).data;
    const asked = said && waiting.get(said.secrets);
    if (!asked) return;
    if (said.problem === undefined) asked.resolve(said.answer);
    else asked.reject(notKept(said.problem, REMEDY));
  });
  parent.on('disconnect', () => {
    for (const { reject } of waiting.values()) reject(gone());
  });
  // The host ends with the pipe of its stdin, not with this channel.
  parent.channel?.unref();

  const ask = (call: string, rest: { name?: string; value?: string } = {}): Promise<unknown> => {
    last += 1;
    const id = last;
    return new Promise<unknown>((resolve, reject) => {
      const late = setTimeout(() => reject(notKept('The key store of the system does not answer.', REMEDY)), ANSWER_MS);
      late.unref();
      waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(late);
          resolve(answer);
        },
        reject,
      });
      if (!parent.send) reject(gone());
      // Without a callback, a channel that has just closed would end the process.
      else parent.send({ secrets: id, call, ...rest }, undefined, undefined, (error) => void (error && reject(gone())));
    }).finally(() => waiting.delete(id));
  };
  return {
    about: async () => aboutSchema.parse(await ask('about')),
    keep: async (name, value) => void (await ask('keep', { name, value })),
    recall: async (name) =>
      z
        .string()
        .optional()
        .parse(await ask('recall', { name })),
    forget: async (name) => void (await ask('forget', { name })),
  };
}

const gone = () => notKept('The desktop window that keeps secrets has ended.', 'Start it again.');
