// The two ways in which a view takes live data: the newest value, or every value of a fast stream.
import { useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Problem } from '../../app/contract/index.ts';
import { RegistryContext } from './GatehouseProvider.tsx';
import type { Live } from './live.ts';
import { perFrame } from './liveRegistry.ts';
import type { InputArguments, InputOf, SubscriptionName, ValueOf } from './subscriptions.ts';

function useRegistry() {
  const registry = useContext(RegistryContext);
  if (!registry) throw new Error('useLive is used outside of GatehouseProvider');
  return registry;
}

/**
 * The newest value of a subscription, shared by all who ask for the same:
 * `const topology = useLive('stack.topology', { environment })`.
 */
export function useLive<N extends SubscriptionName>(name: N, ...input: InputArguments<N>): Live<ValueOf<N>> {
  const registry = useRegistry();
  const key = JSON.stringify(input[0] ?? null);
  const inputRef = useRef(input[0]);
  inputRef.current = input[0];

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the input, a new object at every render
  const subscribe = useCallback(
    (tell: () => void) => {
      const channel = registry.channel(name, inputRef.current as InputOf<N>);
      channel.viewers.add(tell);
      channel.start();
      return () => {
        channel.viewers.delete(tell);
        if (channel.viewers.size === 0) channel.stop();
      };
    },
    [registry, name, key],
  );
  const getSnapshot = () => registry.channel(name, inputRef.current as InputOf<N>).live;
  return useSyncExternalStore(subscribe, getSnapshot) as Live<ValueOf<N>>;
}

export interface StreamState {
  state: 'loading' | 'live' | 'stale' | 'failed';
  /** Epoch ms of the last batch; null before that. */
  at: number | null;
  problem: Problem | null;
}

export interface StreamOptions<T> {
  /** Every value since the last call, in order, at most once a frame. */
  onValues: (values: T[]) => void;
  /** The stream starts (again) and will repeat what it kept: drop what you hold. */
  onBegin?: () => void;
}

/** Values held between two frames; older ones are dropped first, since a view keeps only the newest anyway. */
const PENDING_LIMIT = 500;

/** Every value of a fast stream, for views that keep a bounded ring of their own. */
export function useStream<N extends SubscriptionName>(
  name: N,
  input: InputOf<N>,
  options: StreamOptions<ValueOf<N>>,
): StreamState {
  const registry = useRegistry();
  const [stream, setStream] = useState<StreamState>({ state: 'loading', at: null, problem: null });
  const key = JSON.stringify(input ?? null);
  const latest = useRef({ input, options });
  latest.current = { input, options };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the input, a new object at every render
  useEffect(() => {
    setStream({ state: 'loading', at: null, problem: null });
    let pending: ValueOf<N>[] = [];
    const flush = () => {
      const values = pending;
      pending = [];
      if (values.length > 0) latest.current.options.onValues(values);
    };
    const close = registry.open(name, latest.current.input, {
      onBegin: () => {
        pending = [];
        latest.current.options.onBegin?.();
      },
      onValue: (value) => {
        pending.push(value);
        if (pending.length > PENDING_LIMIT) pending.shift();
        const at = Date.now();
        // Once a second is enough for an age; a state change is told at once.
        setStream((now) =>
          now.state === 'live' && at - (now.at ?? 0) < 1000 ? now : { state: 'live', at, problem: null },
        );
        perFrame(latest, flush);
      },
      onInterrupted: (problem) =>
        setStream((now) => ({
          state: now.at === null ? (problem ? 'failed' : now.state) : 'stale',
          // A quiet stream was current until now.
          at: now.state === 'live' ? Date.now() : now.at,
          problem,
        })),
    });
    return () => {
      close();
      // What waits for a frame is of a question that is not asked any more.
      pending = [];
    };
  }, [registry, name, key]);

  return stream;
}
