import type { Breaker, Upstream } from '../../../app/contract/index.ts';
import { useTRPCClient } from '../../api/GatehouseProvider.tsx';
import { Button } from '../../components/Button.tsx';
import { PanelFrame } from '../../components/Panel.tsx';
import { StatusMark } from '../../components/StatusMark.tsx';
import { Until } from '../../components/TimeText.tsx';
import { canChange, useEnvironment } from '../../shell/environment.ts';
import { toProject } from '../../shell/toProject.ts';
import classes from './HeldPanel.module.css';
import { type HeldThing, sayHeld, toHeldThings } from './heldThings.ts';
import { useGatewayChange } from './useGatewayChange.ts';

const levels = { open: 'down', closed: 'degraded', drained: 'degraded' } as const;

export interface HeldPanelProps {
  environment: string;
  breakers: readonly Breaker[];
  upstreams: readonly Upstream[];
}

/** What operators hold, until when, and the way back; nothing while nothing is held. */
export function HeldPanel({ environment, breakers, upstreams }: HeldPanelProps) {
  const held = toHeldThings(breakers, upstreams);
  if (held.length === 0) return null;
  return (
    <PanelFrame title="In hand" source="each ends by itself · gateway" level="degraded">
      <ul aria-label="What is held">
        {held.map((thing) => (
          <Held key={`${thing.upstream} ${thing.replica} ${thing.kind}`} environment={environment} thing={thing} />
        ))}
      </ul>
    </PanelFrame>
  );
}

function Held({ environment, thing }: { environment: string; thing: HeldThing }) {
  const client = useTRPCClient();
  const { data: frame } = useEnvironment();
  const { begin, isBusy } = useGatewayChange(environment);
  const { upstream, replica, kind, until, story } = thing;
  const undo = () =>
    begin(() => {
      // The guard asks for the name where it asks; an undo takes back what was asked for already.
      const common = {
        environment,
        upstream,
        reason: 'undone',
        ...(frame?.guard === 'confirm' ? { confirm: toProject(environment) } : {}),
      };
      if (kind === 'drained') return client.gateway.drain.mutate({ ...common, replica: replica ?? '', forMs: null });
      return client.gateway.resetBreaker.mutate({ ...common, ...(replica === null ? {} : { replica }) });
    });
  return (
    <li className={classes.held}>
      <StatusMark level={levels[kind]} label={kind} />
      <b>{sayHeld(thing)}</b>
      <span className={classes.story}>{story}</span>
      <span className={classes.left}>
        <Until at={until} /> left
      </span>
      {frame && canChange(frame.guard) ? (
        <Button size="small" disabled={isBusy} onClick={undo} aria-label={`Undo: ${sayHeld(thing)}`}>
          Undo
        </Button>
      ) : null}
    </li>
  );
}
