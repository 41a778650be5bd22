// A verb on a service, from wherever one is: whom it hits first, then the yes, then how it goes. The same pieces as Stack's.
import { useCallback, useState } from 'react';
import { useLive } from '../../api/useLive.ts';
import { Dialog } from '../../shell/Dialog.tsx';
import { useOpenView } from '../../shell/environment.ts';
import classes from './ChangeDialog.module.css';
import { PlanContent } from './PlanContent.tsx';
import { type PlanWish, sayWish, toWishLink } from './planWish.ts';
import { RunContent } from './RunContent.tsx';
import { sayRun, toRest } from './runView.ts';

export interface ChangeDialogProps {
  environment: string;
  /** null: nothing is wished now. */
  wish: PlanWish | null;
  onWish: (wish: PlanWish | null) => void;
}

export function ChangeDialog({ environment, wish, onWish }: ChangeDialogProps) {
  const openView = useOpenView();
  const { data: run } = useLive('stack.run', { environment });
  const [begun, setBegun] = useState<string | null>(null);
  const onBegun = useCallback(
    (id: string) => {
      setBegun(id);
      onWish(null);
    },
    [onWish],
  );
  const shown = run && run.id === begun && !wish ? run : null;
  // Closing does not stop what has begun: Stack shows it, and the navigation counts its steps.
  const close = () => {
    setBegun(null);
    onWish(null);
  };
  const title = wish ? sayWish(wish) : shown ? sayRun(shown) : '';
  return (
    <Dialog title={title} shown={wish !== null || shown !== null} onClose={close} width="min(960px, 92vw)">
      <div className={classes.body}>
        {wish ? (
          <PlanContent
            environment={environment}
            wish={wish}
            onWish={onWish}
            onBegun={onBegun}
            onShowRun={() => openView('stack')}
          />
        ) : null}
        {shown ? (
          <RunContent
            environment={environment}
            run={shown}
            onPlanAgain={() => openView('stack', toWishLink(toRest(shown)))}
          />
        ) : null}
      </div>
    </Dialog>
  );
}
