import { type ButtonHTMLAttributes, forwardRef } from 'react';
import classes from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary`: the one next step of its place. `quiet`: without a border. `danger`: takes something down. `toggle`: on while pressed. */
  look?: 'normal' | 'primary' | 'quiet' | 'danger' | 'toggle';
  size?: 'normal' | 'small';
}

export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = 'normal', size = 'normal', className, ...rest },
  ref,
) {
  const names = [classes.button, className].filter(Boolean).join(' ');
  return <button ref={ref} type="button" className={names} data-look={look} data-size={size} {...rest} />;
});

/** The classes of a button, for a link that looks like one: `<Link {...buttonLook('primary')}>`. */
export function buttonLook(look: ButtonProps['look'] = 'normal', size: ButtonProps['size'] = 'normal') {
  return { className: classes.button, 'data-look': look, 'data-size': size };
}
