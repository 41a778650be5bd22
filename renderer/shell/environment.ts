// The environment of the address, and the way to its views.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Environment, Guard } from '../../app/contract/index.ts';
import { behind, type Live } from '../api/live.ts';
import { useLive } from '../api/useLive.ts';
import { type ViewName, viewPaths } from './views.ts';

/** The id in the address, `engine~project`; null on pages without one. */
export function useEnvironmentIdOrNull(): string | null {
  return useParams({ strict: false }).environment ?? null;
}

/** For views, which all lie below an environment. */
export function useEnvironmentId(): string {
  const environment = useEnvironmentIdOrNull();
  if (environment === null) throw new Error('this view needs an address below /env/');
  return environment;
}

/** The frame of the open environment: connections, guard, verdict, counts. */
export function useEnvironment(): Live<Environment> {
  return useLive('environment.watch', { environment: useEnvironmentId() });
}

/** A live value that the host has from the engine or the gateway: stale or failed, with the reason, when that is gone. */
export function useSourced<T>(source: 'engine' | 'gateway', live: Live<T>): Live<T> {
  const { data } = useEnvironment();
  const connection = data?.[source] ?? null;
  // Every push of the frame is a new object; the same words are the same connection.
  const key = connection?.problem ? JSON.stringify(connection) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the connection
  return useMemo(() => behind(connection, live), [key, live]);
}

/** As the frame says a guard. */
export const guardWords: Record<Guard, string> = {
  open: 'open',
  confirm: 'asks',
  locked: 'locked',
  readOnly: 'read-only',
};

/** Verbs that change something are absent behind a locked or read-only guard, not grey. */
export function canChange(guard: Guard): boolean {
  return guard === 'open' || guard === 'confirm';
}

/** `open('traffic', { filter: 'status:5xx' })`. */
export function useOpenView(): (view: ViewName, search?: Record<string, string>) => void {
  const navigate = useNavigate();
  const environment = useEnvironmentIdOrNull();
  return (view, search = {}) => {
    if (environment === null) return;
    void navigate({ to: viewPaths[view], params: { environment }, search });
  };
}
