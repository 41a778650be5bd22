// Before a configuration is put in force: the difference as text, and what it means for callers.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { type GatewayChange, type GatewayConfigView, problemOf } from '../../../app/contract/index.ts';
import { useTRPC, useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { ChangeForm } from './ChangeForm.tsx';
import { ChangeOutcome } from './ChangeOutcome.tsx';
import classes from './ConfigPanel.module.css';
import { Consequences } from './Consequences.tsx';
import type { ConfigDraft } from './configDraft.ts';
import { useGatewayChange } from './useGatewayChange.ts';

const TextCompare = lazy(() =>
  import('./TextCompare.tsx').then(({ TextCompare: component }) => ({ default: component })),
);

export interface ReviewPanelProps {
  environment: string;
  config: GatewayConfigView;
  draft: ConfigDraft;
  obstacle: string | null;
  onBack: () => void;
  onApplied: () => void;
}

export function ReviewPanel({ environment, config, draft, obstacle, onBack, onApplied }: ReviewPanelProps) {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const [failed, setFailed] = useState<GatewayChange | null>(null);
  const { begin, isBusy } = useGatewayChange(environment);
  const diff = useQuery({
    ...trpc.gateway.diffConfig.queryOptions({ environment, document: draft.text }),
    gcTime: 0,
    retry: false,
  });
  const count = config.replicas.length;
  return (
    <div className={classes.editing}>
      <div className={classes.reviewed}>
        <div className={classes.difference}>
          <Suspense fallback={<PanelSkeleton rows={10} />}>
            <TextCompare label="What runs, and your edit" before={config.text ?? ''} after={draft.text} />
          </Suspense>
        </div>
        <aside className={classes.meaning} aria-label="What it means">
          {diff.isPending ? <PanelSkeleton rows={4} /> : null}
          {diff.isError ? <PanelFailure problem={problemOf(diff.error)} /> : null}
          {diff.data ? <Consequences diff={diff.data} /> : null}
          {failed ? <ChangeOutcome change={failed} /> : null}
        </aside>
      </div>
      <div className={classes.back}>
        <Button look="quiet" onClick={onBack}>
          ← Go on editing
        </Button>
      </div>
      <ChangeForm
        sentence={`It comes into force on ${count === 1 ? 'the one replica' : `all ${formatQuantity(count, 'replica')} or on none`}, without losing a request; the file stays as it is.`}
        verb={isBusy ? 'Applying…' : 'Apply'}
        isBusy={isBusy || diff.data === undefined}
        obstacle={obstacle}
        onApply={({ reason, confirm }) =>
          begin(async () => {
            const change = await client.gateway.applyConfig.mutate({
              environment,
              document: draft.text,
              basedOn: draft.base.etags,
              reason,
              ...(confirm === undefined ? {} : { confirm }),
            });
            setFailed(change.outcome === 'applied' ? null : change);
            return change;
          }, onApplied)
        }
      />
    </div>
  );
}
