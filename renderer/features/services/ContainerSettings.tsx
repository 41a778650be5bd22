import type { UseQueryResult } from '@tanstack/react-query';
import { type ContainerDetail, problemOf } from '../../../app/contract/index.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { FactList } from '../../components/FactList.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import classes from './ServiceDrawer.module.css';

export interface ContainerSettingsProps {
  query: UseQueryResult<ContainerDetail, unknown>;
  hasContainer: boolean;
}

/** What the container was given. Secrets were masked before they came here. */
export function ContainerSettings({ query, hasContainer }: ContainerSettingsProps) {
  if (!hasContainer)
    return <EmptyState title="There is no container to look into" next="The service is not created." />;
  if (query.isPending) return <PanelSkeleton rows={8} />;
  if (query.isError) return <PanelFailure problem={problemOf(query.error)} />;
  const { environment, mounts } = query.data;
  return (
    <>
      <section>
        <h3 className={classes.heading}>Environment</h3>
        {environment.length === 0 ? <p className="dim">No variable is set.</p> : null}
        <div className={classes.settings}>
          <FactList
            facts={environment.map(({ name, value, masked }) => ({
              name: <span className="mono">{name}</span>,
              value: masked ? (
                <span className={classes.masked} title="Masked by the host">
                  {value}
                </span>
              ) : (
                value
              ),
              mono: true,
            }))}
          />
        </div>
      </section>
      <section>
        <h3 className={classes.heading}>Mounts</h3>
        {mounts.length === 0 ? <p className="dim">Nothing is mounted.</p> : null}
        <div className={classes.settings}>
          <FactList
            facts={mounts.map(({ source, target, readOnly }) => ({
              name: <span className="mono">{target}</span>,
              value: `${source}${readOnly ? ' · read-only' : ''}`,
              mono: true,
            }))}
          />
        </div>
      </section>
    </>
  );
}
