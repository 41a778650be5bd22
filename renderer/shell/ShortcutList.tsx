import { Kbd } from '../components/Kbd.tsx';
import classes from './ShortcutList.module.css';
import type { ShortcutGroup } from './shortcuts.ts';

/** Keys and what they do, in columns. */
export function ShortcutList({ groups }: { groups: readonly ShortcutGroup[] }) {
  return (
    <div className={classes.columns}>
      {groups.map((group) => (
        <section key={group.title}>
          <h3 className={classes.heading}>{group.title}</h3>
          <dl className={classes.list}>
            {group.keys.map((entry) => (
              <div key={entry.keys} className={classes.entry}>
                <dt>
                  <Kbd keys={entry.keys} />
                </dt>
                <dd>{entry.meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
