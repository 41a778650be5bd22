import classes from './ServicesView.module.css';
import { toShortNetwork } from './serviceText.ts';

/** The networks of a service, each in its colour. */
export function NetworkNames({ networks }: { networks: readonly string[] }) {
  return (
    <span className={classes.networks} title={networks.join(', ')}>
      {networks.map((name) => (
        <span key={name} className={classes.network} data-network={name}>
          {toShortNetwork(name)}
        </span>
      ))}
    </span>
  );
}
