// A change of the running gateway: carried out, and what came of it said where it is not all well.
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type GatewayChange, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';

export interface GatewayChanging {
  begin(work: () => Promise<GatewayChange>, onApplied?: (change: GatewayChange) => void): void;
  isBusy: boolean;
}

export function useGatewayChange(environment: string): GatewayChanging {
  const queries = useQueryClient();
  const { gateway } = useTRPC();
  const mutation = useMutation({ mutationFn: (work: () => Promise<GatewayChange>) => work() });
  return {
    isBusy: mutation.isPending,
    begin: (work, onApplied) =>
      mutation.mutate(work, {
        onSuccess: (change) => {
          for (const asked of [gateway.upstreams, gateway.limits, gateway.config, gateway.history])
            void queries.invalidateQueries({ queryKey: asked.queryKey({ environment }) });
          notifications.show(toNotice(change));
          if (change.outcome === 'applied') onApplied?.(change);
        },
        onError: (error) => {
          const { message, remedy } = problemOf(error);
          notifications.show({ title: message, message: remedy, color: 'red' });
        },
      }),
  };
}

function toNotice({ outcome, summary, replicas, problems }: GatewayChange) {
  if (outcome === 'applied') return { title: summary, message: replicas.map(({ gateway }) => gateway).join(', ') };
  const [problem] = problems;
  return { title: summary, message: `${problem?.message ?? ''} ${problem?.remedy ?? ''}`, color: 'red' };
}
