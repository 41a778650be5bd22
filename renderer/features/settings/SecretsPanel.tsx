// What is kept secret for the operator, by whom, or why nothing is; never a value.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { type Fact, FactList } from '../../components/FactList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { toPolledLive } from '../metrics/polledLive.ts';
import classes from './SettingsView.module.css';

export function SecretsPanel() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const about = useQuery(trpc.secrets.about.queryOptions());
  const forget = useMutation(
    trpc.secrets.forgetToken.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.secrets.pathKey() }),
    }),
  );
  return (
    <Panel title="Secrets" source="host" live={toPolledLive(about)} rows={2}>
      {({ detail, damage, kept }) => (
        <div className={classes.facts}>
          <FactList
            facts={[
              { name: 'Tokens for replays', value: detail },
              damage === null ? null : { name: 'Lost', value: <StatusText level="degraded">{damage}</StatusText> },
              ...kept.map(
                ({ place, keptAt }): Fact => ({
                  name: <TimeText at={keptAt} look="dated" />,
                  value: (
                    <>
                      <span className="mono">{place}</span>{' '}
                      <Button size="small" disabled={forget.isPending} onClick={() => forget.mutate({ place })}>
                        Forget
                      </Button>
                    </>
                  ),
                }),
              ),
              { name: 'Engines', value: 'nothing is kept: they are reached as the docker command reaches them' },
            ]}
          />
        </div>
      )}
    </Panel>
  );
}
