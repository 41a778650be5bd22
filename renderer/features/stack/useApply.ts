// Carrying out a plan: what is refused is said, and a plan that the stack has overtaken is made again.
import { useMutation } from '@tanstack/react-query';
import { type KeptPlan, type Problem, planOperations, problemOf } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';

export interface ApplyOptions {
  environment: string;
  /** It was carried out, to whichever end. */
  onEnded: (run: string) => void;
  /** Nothing was done: the stack had changed since the plan, or the plan is not kept any more. */
  onOutdated: (why: 'stale' | 'expired') => void;
}

export interface Apply {
  /** With the project's name, where it has to be typed. */
  begin(kept: KeptPlan, confirm: string | undefined): void;
  reset(): void;
  isBusy: boolean;
  /** Of the run that was asked for last. */
  run: string | undefined;
  /** Why it was refused. */
  refused: Problem | null;
}

export function useApply({ environment, onEnded, onOutdated }: ApplyOptions): Apply {
  const client = useTRPCClient();
  const mutation = useMutation({
    mutationFn: ({ kept: { id, plan }, confirm }: { kept: KeptPlan; confirm: string | undefined }) =>
      client.stack[planOperations[plan.verb]].mutate({
        environment,
        plan: id,
        ...(confirm === undefined ? {} : { confirm }),
      }),
  });
  const refused = mutation.error ? problemOf(mutation.error) : null;
  return {
    begin: (kept, confirm) =>
      // Told only while the plan is on the screen: whoever has left it has perhaps another one before them.
      mutation.mutate(
        { kept, confirm },
        {
          onSuccess: ({ outcome }) => (outcome === 'stale' ? onOutdated('stale') : onEnded(kept.id)),
          onError: (error) => {
            if (problemOf(error).code === 'plan-unknown') onOutdated('expired');
          },
        },
      ),
    reset: mutation.reset,
    isBusy: mutation.isPending,
    run: mutation.variables?.kept.id,
    refused: refused?.code === 'plan-unknown' ? null : refused,
  };
}
