import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type Forward, problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import type { Live } from '../../api/live.ts';
import { useLive } from '../../api/useLive.ts';

export function useForwards(environment: string): Live<Forward[]> {
  return useLive('forwards.watch', { environment });
}

export function useCloseForward(environment: string) {
  const options = useTRPC().forwards.close.mutationOptions({
    onError: (error) => {
      const { message, remedy } = problemOf(error);
      notifications.show({ title: message, message: remedy, color: 'red' });
    },
  });
  const { mutate, isPending } = useMutation(options);
  return { close: (id: string) => mutate({ environment, id }), isPending };
}
