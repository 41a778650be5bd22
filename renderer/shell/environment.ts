// The environment of the address, and the way to its views.
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Environment, Guard } from '../../app/contract/index.ts';
import type { Live } from '../api/live.ts';
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
