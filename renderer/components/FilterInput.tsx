import classes from './FilterInput.module.css';
import { Kbd } from './Kbd.tsx';

export interface FilterInputProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  placeholder?: string;
}

/** The filter of a view. `/` focuses it (the shell finds it by its mark); Esc empties it, then leaves it. */
export function FilterInput({ value, onChange, label, placeholder }: FilterInputProps) {
  return (
    <div className={classes.filter}>
      <input
        data-view-filter
        type="text"
        className={classes.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (value === '') event.currentTarget.blur();
          else onChange('');
        }}
        aria-label={label}
        placeholder={placeholder ?? label}
        spellCheck={false}
        autoComplete="off"
      />
      <span className={classes.hint}>
        <Kbd keys="/" />
      </span>
    </div>
  );
}
