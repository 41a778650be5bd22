// The catalogue's subscriptions by name, with the types of their inputs and values.
import type { z } from 'zod';
import type { Operation, Operations } from '../../app/contract/index.ts';

type Entry = {
  [D in keyof Operations & string]: {
    [V in keyof Operations[D] & string]: Operations[D][V] extends Operation<'subscription', infer I, infer O>
      ? { name: `${D}.${V}`; input: z.input<I>; value: z.output<O> }
      : never;
  }[keyof Operations[D] & string];
}[keyof Operations & string];

/** `domain.verb`, for example `stack.topology`. */
export type SubscriptionName = Entry['name'];
export type InputOf<N extends SubscriptionName> = Extract<Entry, { name: N }>['input'];
export type ValueOf<N extends SubscriptionName> = Extract<Entry, { name: N }>['value'];
/** The arguments after the name: none where the operation takes no input. */
export type InputArguments<N extends SubscriptionName> = InputOf<N> extends void ? [] : [input: InputOf<N>];
