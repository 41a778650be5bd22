// The terminal itself, with the heavy part of the console behind it; loaded when one is opened.
import { useRef, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { PanelFailure } from '../../components/Panel.tsx';
import { Dialog, DialogActions } from '../../shell/Dialog.tsx';
import classes from './Terminal.module.css';
import { type TerminalPlace, useTerminal } from './useTerminal.ts';

export interface TerminalScreenProps extends TerminalPlace {
  onAgain: () => void;
}

export function TerminalScreen({ onAgain, ...target }: TerminalScreenProps) {
  const [link, setLink] = useState<string | null>(null);
  const bar = useRef<HTMLParagraphElement>(null);
  const { place, state } = useTerminal(target, { onLink: setLink, onLeave: () => bar.current?.focus() });
  return (
    <section className={classes.terminal} aria-label={`Terminal in ${target.container}`}>
      <p ref={bar} className={classes.bar} tabIndex={-1} role="status">
        {state.kind === 'opening' ? `Looking for a shell in ${target.container}…` : null}
        {state.kind === 'open' ? (
          <>
            <b className="mono">{state.command.join(' ')}</b> in {target.container}
            <span className={classes.hint}>F6 leaves the terminal · Ctrl or ⌘ with a click follows a link</span>
          </>
        ) : null}
        {state.kind === 'ended' ? (
          <>
            {state.words}{' '}
            <Button size="small" onClick={onAgain}>
              Open another one
            </Button>
          </>
        ) : null}
      </p>
      {state.kind === 'failed' ? (
        <PanelFailure
          problem={state.problem}
          action={
            <Button size="small" onClick={onAgain}>
              Try again
            </Button>
          }
        />
      ) : null}
      <div className={classes.frame} hidden={state.kind === 'failed'}>
        <div ref={place} className={classes.place} />
      </div>
      <LinkQuestion url={link} onClose={() => setLink(null)} />
    </section>
  );
}

/** A link in a terminal is written by whatever runs there, and may read otherwise than it leads. */
function LinkQuestion({ url, onClose }: { url: string | null; onClose: () => void }) {
  const isWeb = url !== null && /^https?:$/.test(URL.parse(url)?.protocol ?? '');
  const open = () => {
    if (url !== null && isWeb) window.open(url, '_blank', 'noopener,noreferrer');
    onClose();
  };
  return (
    <Dialog title="Follow this link?" shown={url !== null} onClose={onClose}>
      <p>It was written by a program in the container. It leads to:</p>
      <p className={classes.url}>{url}</p>
      {isWeb ? null : <p>Only links to web pages can be followed from here.</p>}
      <DialogActions>
        <Button data-autofocus onClick={onClose}>
          Leave it
        </Button>
        {isWeb ? (
          <Button look="primary" onClick={open}>
            Open it
          </Button>
        ) : null}
      </DialogActions>
    </Dialog>
  );
}
