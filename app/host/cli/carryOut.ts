// Carries out one plan through the API, with its progress on stderr.
import { type ApplyResult, type KeptPlan, planOperations, problemOf } from '../../contract/index.ts';
import { createRunLines } from './runProgress.ts';
import type { StackSession } from './stackSession.ts';
import { remark, toPlainText } from './terminal.ts';

/** What Ctrl-C does; without `cancel` nothing has begun. */
export interface Interruption {
  cancel: { request(): void; abandoned: string } | undefined;
  isCancelled: boolean;
}

interface CarryOutOptions {
  readonly interruption: Interruption;
  readonly confirm?: string;
}

/** Throws what the host refuses. */
export async function carryOut(
  session: StackSession,
  { id, plan }: KeptPlan,
  { interruption, confirm }: CarryOutOptions,
): Promise<ApplyResult> {
  const { api, files, isOwnHost } = session;
  const { environment } = files;
  const progress = followRun(session, id, createRunLines(plan));
  const ending = new AbortController();
  interruption.cancel = {
    request: () => void cancelRun(session, id, ending.signal),
    abandoned: isOwnHost
      ? `ended at once: "${plan.project}" may be in between; the same command again brings it to its end`
      : `ended at once; the console goes on bringing "${plan.project}" to an end`,
  };
  try {
    const input = { environment, plan: id, ...(confirm === undefined ? {} : { confirm }) };
    const result = await api.stack[planOperations[plan.verb]].mutate(input);
    await progress.ended();
    return result;
  } finally {
    ending.abort();
    progress.close();
  }
}

/** How long the last view of the run may take behind the result; what it says is in the result too. */
const LAST_VIEW_MS = 1000;

function followRun(
  { api, files: { environment } }: StackSession,
  id: string,
  lines: ReturnType<typeof createRunLines>,
) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = api.stack.run.subscribe(
    { environment },
    {
      onData: (run) => {
        // The last run of the environment is shown until the next one begins.
        if (run?.id !== id) return;
        for (const line of lines.next(run, Date.now())) remark(toPlainText(line));
        if (run.result) resolve();
      },
      // The result tells what came of it; without its progress the run is none the worse.
      onError: () => resolve(),
    },
  );
  return {
    async ended() {
      const timer = setTimeout(resolve, LAST_VIEW_MS);
      await promise;
      clearTimeout(timer);
    },
    close: () => subscription.unsubscribe(),
  };
}

const ASK_AGAIN_MS = 100;

/** The host may still look at the guard, and know of no run yet: then it is asked again. */
async function cancelRun(
  { api, files: { environment } }: StackSession,
  run: string,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    try {
      await api.stack.cancel.mutate({ environment, run });
      return;
    } catch (error) {
      if (problemOf(error).code !== 'plan-unknown') {
        if (!ended.aborted) remark(toPlainText(`gatehouse: it could not be cancelled: ${problemOf(error).message}`));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}
