import { useLive } from '../../api/useLive.ts';
import { chipLook } from '../../components/Chip.tsx';
import { formatQuantity } from '../../components/format.ts';
import { StatusMark } from '../../components/StatusMark.tsx';
import { useUiState } from '../../state/uiState.ts';

/** That something of the environment listens on this machine is seen in every view. */
export function ForwardsChip({ environment }: { environment: string }) {
  const { data } = useLive('forwards.watch', { environment });
  const showForwards = useUiState((state) => state.showForwards);
  const open = (data ?? []).filter(({ state }) => state !== 'ended');
  if (open.length === 0) return null;
  const waiting = open.some(({ state }) => state === 'waiting');
  return (
    <button
      type="button"
      className={chipLook().className}
      title={open.map(({ service, port, localPort }) => `${service}:${port} on 127.0.0.1:${localPort}`).join('\n')}
      onClick={() => showForwards(true)}
    >
      <StatusMark level={waiting ? 'degraded' : 'ok'} label={waiting ? 'one waits' : 'open'} />
      {formatQuantity(open.length, 'open port')}
    </button>
  );
}
