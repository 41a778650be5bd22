// The plan for what is wished, made anew whenever the wish or the guard is another one.
import { useQuery } from '@tanstack/react-query';
import type { KeptPlan } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { useEnvironment } from '../../shell/environment.ts';
import { isComplete, type PlanWish, toPlanRequest, toWishSearch } from './planWish.ts';

export function usePlan(environment: string, wish: PlanWish) {
  const client = useTRPCClient();
  // What is kept with a plan is the guard of its making: after an unlock it has to be made again.
  const guard = useEnvironment().data?.guard ?? null;
  return useQuery<KeptPlan>({
    queryKey: ['stack plan', environment, toWishSearch(wish), guard],
    queryFn: ({ signal }) => client.stack.plan.mutate(toPlanRequest(wish, environment), { signal }),
    enabled: isComplete(wish) && guard !== null,
    // A plan of before is no plan: it is made again when somebody looks at it again.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
}
