import type { Service } from '../../../app/contract/index.ts';
import { PanelFrame } from '../../components/Panel.tsx';
import { ForwardList } from './ForwardList.tsx';
import classes from './Forwards.module.css';
import { OpenPort } from './OpenPort.tsx';
import { useForwards } from './useForwards.ts';

/** The ports of one service: opened here, published or not. */
export function PortsTab({ environment, service }: { environment: string; service: Service }) {
  const { data: forwards } = useForwards(environment);
  const own = (forwards ?? []).filter((forward) => forward.service === service.name);
  const open = own.filter(({ state }) => state !== 'ended');
  return (
    <div className={classes.tab}>
      <PanelFrame title="Open a port" source="on the loopback of this machine alone" heading={3}>
        <div className={classes.opening}>
          <OpenPort environment={environment} service={service} open={open} />
        </div>
      </PanelFrame>
      {own.length > 0 ? (
        <PanelFrame title="Open ports" heading={3}>
          <ForwardList environment={environment} label={`Open ports of ${service.name}`} forwards={own} />
        </PanelFrame>
      ) : null}
    </div>
  );
}
