import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyCommand } from '../../components/CopyCommand.tsx';
import { Dialog, DialogActions } from '../../shell/Dialog.tsx';
import { canChange, useEnvironment, useEnvironmentId } from '../../shell/environment.ts';

/** Whether limits are enforced shows a burst alone, which is sent only when asked for; absent where nothing may be changed. */
export function LimitProbeButton({ project }: { project: string }) {
  const environment = useEnvironmentId();
  const { data: frame } = useEnvironment();
  const [shown, show] = useState(false);
  const options = useTRPC().posture.probeLimits.mutationOptions({
    onSuccess: ({ limited, sent }) => {
      show(false);
      const message = limited > 0 ? 'The edge limits a burst.' : 'None of them was limited.';
      notifications.show({ title: `${sent} requests were sent`, message });
    },
    onError: (error) => {
      const { message, remedy } = problemOf(error);
      notifications.show({ title: message, message: remedy, color: 'red' });
    },
  });
  const probe = useMutation(options);
  if (!frame || !canChange(frame.guard)) return null;
  return (
    <>
      <Button onClick={() => show(true)}>Try the limits</Button>
      <Dialog title={`Try the limits of ${project}`} shown={shown} onClose={() => show(false)}>
        <p>
          At most 80 requests for a path that does not exist are sent through the edge, 8 at a time, until one gets 429
          or 5 s are over. Other callers from this machine may be limited for as long.
        </p>
        <CopyCommand command={`gatehouse posture --probe-limits --confirm ${project}`} />
        <DialogActions>
          <Button onClick={() => show(false)}>Leave it</Button>
          <Button
            look="primary"
            data-autofocus
            disabled={probe.isPending}
            onClick={() => probe.mutate({ environment, confirm: project })}
          >
            {probe.isPending ? 'Sending…' : 'Send them'}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
