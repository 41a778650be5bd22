// What is typed or picked: text, one of a list, several lines. All look alike, wherever they stand.
import { type ComponentProps, type ReactNode, useId } from 'react';
import classes from './Field.module.css';

interface Look {
  /** For what is read character by character: paths, names, commands. */
  mono?: boolean;
}

function look({ mono, className }: Look & { className?: string | undefined }) {
  return { className: [classes.control, className].filter(Boolean).join(' '), 'data-mono': mono || undefined };
}

export function TextField({ mono = false, className, ...rest }: ComponentProps<'input'> & Look) {
  return <input type="text" spellCheck={false} autoComplete="off" {...look({ mono, className })} {...rest} />;
}

export function TextArea({ mono = false, className, ...rest }: ComponentProps<'textarea'> & Look) {
  return <textarea spellCheck={false} {...look({ mono, className })} {...rest} />;
}

export interface SelectFieldProps extends Omit<ComponentProps<'select'>, 'size' | 'onChange'>, Look {
  /** `small`: in the head of a panel. */
  size?: 'normal' | 'small';
  onChoose?: (value: string) => void;
}

export function SelectField({ mono = false, size = 'normal', className, onChoose, ...rest }: SelectFieldProps) {
  return (
    <select
      {...look({ mono, className })}
      data-size={size}
      onChange={(event) => onChoose?.(event.target.value)}
      {...rest}
    />
  );
}

export interface LabelledProps {
  label: ReactNode;
  /** The words before the field, not above it. */
  inline?: boolean;
  children: ReactNode;
}

/** A field and its words, so that a click on these goes there. */
export function Labelled({ label, inline = false, children }: LabelledProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: its field is the child
    <label className={classes.labelled} data-inline={inline || undefined}>
      <span className={classes.label}>{label}</span>
      {children}
    </label>
  );
}

export interface FieldWithVerbProps extends ComponentProps<'input'>, Look {
  label: string;
  /** Its button. */
  children: ReactNode;
}

/** A field that takes what room its verb leaves. */
export function FieldWithVerb({ label, children, ...rest }: FieldWithVerbProps) {
  const id = useId();
  return (
    <div className={classes.labelled}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <div className={classes.line}>
        <TextField id={id} {...rest} />
        {children}
      </div>
    </div>
  );
}
