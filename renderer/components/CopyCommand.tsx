import { useEffect, useState } from 'react';
import classes from './CopyCommand.module.css';

/** The same thing as a command, to copy: `<CopyCommand command="gatehouse breakers --json" />`. */
export function CopyCommand({ command, label = 'Copy the command' }: { command: string; label?: string }) {
  const [copied, copy] = useCopied();
  return (
    <button type="button" className={classes.command} onClick={() => copy(command)} title={label}>
      <span className={classes.prompt} aria-hidden="true">
        $
      </span>
      <code className={classes.text}>{command}</code>
      <span className={classes.verb} aria-live="polite">
        {copied ? 'Copied' : 'Copy'}
      </span>
    </button>
  );
}

/** Whether something was copied in the last moment, and the verb for it. */
export function useCopied(): [copied: boolean, copy: (text: string) => void] {
  const [copiedAt, setCopiedAt] = useState(0);
  useEffect(() => {
    if (copiedAt === 0) return;
    const timer = setTimeout(() => setCopiedAt(0), 1500);
    return () => clearTimeout(timer);
  }, [copiedAt]);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => setCopiedAt(Date.now()),
      // Without permission the text stays selectable beside the button.
      () => setCopiedAt(0),
    );
  };
  return [copiedAt > 0, copy];
}
