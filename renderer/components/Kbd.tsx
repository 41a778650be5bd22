import classes from './Kbd.module.css';

/** Keys as printed on them: `<Kbd keys="⌘K" />`, or one after the other: `<Kbd keys="g o" />`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {keys.split(' ').map((key) => (
        <kbd key={key} className={classes.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
