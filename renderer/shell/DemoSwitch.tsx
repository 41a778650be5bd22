import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { type Demo, problemOf } from '../../app/contract/index.ts';
import { useTRPC } from '../api/GatehouseProvider.tsx';
import { useLive } from '../api/useLive.ts';
import { chipLook } from '../components/Chip.tsx';
import { formatCount, formatDuration } from '../components/format.ts';
import { useNow } from '../components/useNow.ts';
import classes from './DemoSwitch.module.css';

/** Starts and stops demo traffic; for the switch and the palette alike. */
export function useDemo(environment: string) {
  const trpc = useTRPC();
  const { data: demo } = useLive('demo.watch', { environment });
  const onError = (error: unknown) => {
    const problem = problemOf(error);
    notifications.show({ title: problem.message, message: problem.remedy, color: 'red' });
  };
  const start = useMutation(trpc.demo.start.mutationOptions({ onError }));
  const stop = useMutation(trpc.demo.stop.mutationOptions({ onError }));
  const busy = start.isPending || stop.isPending;
  const toggle = () => (demo?.state === 'running' ? stop.mutate({ environment }) : start.mutate({ environment }));
  return { demo, busy, toggle };
}

/** The switch of demo traffic, absent where there is none to be had. */
export function DemoSwitch({ environment }: { environment: string }) {
  const { demo, busy, toggle } = useDemo(environment);
  if (!demo || (demo.notAllowed !== null && demo.state === 'off')) return null;
  const running = demo.state === 'running';
  return (
    <button
      type="button"
      role="switch"
      aria-checked={running}
      className={`${chipLook().className} ${classes.demo}`}
      disabled={busy}
      onClick={toggle}
      title={running ? toTitle(demo) : 'Sends a realistic mix of requests through the gateway, and stops by itself'}
    >
      <span className={classes.track} data-on={running || undefined} aria-hidden="true" />
      Demo traffic
      {running ? <Remaining demo={demo} /> : null}
    </button>
  );
}

function Remaining({ demo }: { demo: Demo }) {
  const now = useNow();
  const left = demo.endsAt === null ? '' : ` · ${formatDuration(Math.max(0, demo.endsAt - now))} left`;
  return (
    <b className={classes.figures}>
      {formatCount(demo.requestsPerSecond)}/s<span className={classes.left}>{left}</span>
    </b>
  );
}

function toTitle(demo: Demo): string {
  return `${formatCount(demo.sent)} sent, ${formatCount(demo.failed)} without an answer; press to stop`;
}
