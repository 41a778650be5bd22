// `--unlock REASON` for commands that begin one operation and then stay with it.
import type { StackSession } from './stackSession.ts';

/** For the shortest time there is: the guard looks when the operation begins. A longer unlock is left as it is. */
export async function unlockWhereLocked(
  { api, files: { environment } }: StackSession,
  reason: string | undefined,
): Promise<void> {
  if (reason === undefined) return;
  const { firstValue } = await import('./hostConnection.ts');
  const { guard } = await firstValue<{ guard: string }>((observer) =>
    api.environment.watch.subscribe({ environment }, observer),
  );
  if (guard === 'locked') await api.environment.unlock.mutate({ environment, reason, minutes: 1 });
}
