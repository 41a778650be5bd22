// How each service is, asked anew whenever the engine tells of a change.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { StackStatus, Topology } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { toLive } from '../../api/liveQuery.ts';
import { useLive } from '../../api/useLive.ts';
import { useEnvironment, useSourced } from '../../shell/environment.ts';

/** While a stack comes up there are many changes a second, and each question inspects every container. */
const ASK_AGAIN_MS = 700;

export function useStackStatus(environment: string): Live<StackStatus> {
  const query = useQuery({ ...useTRPC().stack.status.queryOptions({ environment }), retry: false });
  const { data: topology } = useLive('stack.topology', { environment });
  // An engine that comes back is asked too, also where nothing has changed meanwhile.
  const engine = useEnvironment().data?.engine.state ?? '';
  const life = topology ? `${engine}\n${toLifeKey(topology)}` : null;
  const { refetch } = query;
  const asked = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (life === null || asked.current === life) return;
    const isFirst = asked.current === null;
    asked.current = life;
    if (isFirst) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void refetch();
    }, ASK_AGAIN_MS);
  }, [life, refetch]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useSourced('engine', toLive(query));
}

/** What of the topology the status is made from; figures that move all the time are not. */
function toLifeKey({ services }: Topology): string {
  const containers = services.flatMap((service) => service.containers);
  return containers.map(({ id, state, health, restarts }) => `${id} ${state} ${health} ${restarts}`).join('\n');
}
