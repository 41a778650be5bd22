import { EmptyState } from '../../components/EmptyState.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { Dialog } from '../../shell/Dialog.tsx';
import { useUiState } from '../../state/uiState.ts';
import { ForwardList } from './ForwardList.tsx';
import { useForwards } from './useForwards.ts';

/** Every port of the environment that is open on this machine, from the frame and the palette. */
export function ForwardsDialog({ environment }: { environment: string }) {
  const { forwardsShown, showForwards } = useUiState();
  const live = useForwards(environment);
  const content = () => {
    if (live.state === 'loading') return <PanelSkeleton rows={4} />;
    if (live.state === 'failed') return <PanelFailure problem={live.problem} />;
    if (live.data.length > 0) return <ForwardList environment={environment} label="Open ports" forwards={live.data} />;
    return (
      <EmptyState
        title="No port is open"
        next="Open one from a service: published or not, it then answers on the loopback of this machine."
      />
    );
  };
  return (
    <Dialog title="Open ports" shown={forwardsShown} onClose={() => showForwards(false)} width="min(760px, 92vw)">
      {content()}
    </Dialog>
  );
}
