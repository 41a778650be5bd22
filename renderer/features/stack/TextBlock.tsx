import type { ReactNode, Ref } from 'react';
import classes from './TextBlock.module.css';

export interface TextBlockProps {
  label: string;
  /** `boxed`: a few lines among other things. `filling`: the text is what one looks at. */
  look?: 'boxed' | 'filling';
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}

/** Text of a fixed pitch that scrolls by itself, so the keyboard has to reach it. */
export function TextBlock({ label, look = 'boxed', ref, children }: TextBlockProps) {
  return (
    <section
      ref={ref}
      className={classes.block}
      data-look={look}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
    >
      <pre className={classes.text}>{children}</pre>
    </section>
  );
}
