import { useMutation } from '@tanstack/react-query';
import type { Engine, Level, StartView } from '../../../app/contract/index.ts';
import { useTRPC } from '../../api/GatehouseProvider.tsx';
import { type Live, mapLive } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { Panel } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import classes from './Engines.module.css';

const levels: Record<Engine['state'], Level> = {
  reachable: 'ok',
  unreachable: 'down',
  notRunning: 'unknown',
  notAsked: 'unknown',
  connecting: 'unknown',
};
const words: Record<Engine['state'], string> = {
  reachable: 'reachable',
  unreachable: 'not reachable',
  notRunning: 'not started',
  notAsked: 'not connected',
  connecting: 'connecting',
};

/** The engines that the host knows, and what to do about those that do not answer. */
export function Engines({ found }: { found: Live<StartView> }) {
  const connect = useMutation(useTRPC().environment.connect.mutationOptions());
  return (
    <Panel
      title="Engines"
      source="engine"
      live={mapLive(found, (start) => start.engines)}
      rows={2}
      empty={{
        when: (engines) => engines.length === 0,
        title: 'No engine is known',
        next: 'Start Docker, or set DOCKER_HOST for the host.',
      }}
    >
      {(engines) => (
        <ul>
          {engines.map((engine) => (
            <li key={engine.id} className={classes.engine}>
              <StatusMark level={levels[engine.state]} label="" />
              <div className={classes.facts}>
                <p>
                  <b className={classes.name}>{engine.id}</b>{' '}
                  <span className="dim">
                    {words[engine.state]} · {engine.place} · {engine.origin}
                    {engine.version ? ` · ${engine.version}` : ''}
                  </span>
                </p>
                {engine.address ? <p className={classes.address}>{engine.address}</p> : null}
                {engine.problem ? (
                  <p className="dim">
                    {engine.problem.message} {engine.problem.remedy}
                  </p>
                ) : null}
              </div>
              {engine.state === 'notAsked' ? (
                <Button
                  size="small"
                  disabled={connect.isPending}
                  onClick={() => connect.mutate({ engine: engine.id })}
                  title={`Look at ${engine.address}`}
                >
                  Connect
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
