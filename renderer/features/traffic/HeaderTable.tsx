import classes from './ExchangePanel.module.css';
import { isRedacted, toHeaderText } from './headerText.ts';

export interface HeaderTableProps {
  title: string;
  headers: readonly (readonly [string, string])[];
}

/** Header fields as received. Redacted at the source: the values never came here. */
export function HeaderTable({ title, headers }: HeaderTableProps) {
  return (
    <div>
      <h3 className={classes.subtitle}>{title}</h3>
      {headers.length === 0 ? <p className="faint">none</p> : null}
      <dl className={classes.fields}>
        {headers.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a field may come twice
          <div key={index} className={classes.fieldLine}>
            <dt>{name}</dt>
            <dd title={isRedacted(value) ? 'redacted by the gateway' : undefined}>{toHeaderText(value)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
