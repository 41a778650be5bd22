import { useEnvironmentIdOrNull } from '../shell/environment.ts';
import { Button } from './Button.tsx';
import { useCopied } from './CopyCommand.tsx';
import classes from './CopyReport.module.css';
import { type Report, toReportMarkdown } from './report.ts';

export interface CopyReportProps {
  report: () => Report;
  /** Epoch ms at which the data was current; null: now. */
  at: number | null;
}

/** What a panel shows, to the clipboard as Markdown. */
export function CopyReport({ report, at }: CopyReportProps) {
  const environment = useEnvironmentIdOrNull();
  const [copied, copy] = useCopied();
  return (
    <Button
      size="small"
      look="quiet"
      aria-label={copied ? 'Copied' : 'Copy as Markdown'}
      title="Copy as Markdown: verdict, evidence, UTC, command"
      onClick={() => copy(toReportMarkdown(report(), { environment, at: at ?? Date.now() }))}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        {copied ? (
          <path d="M3 8.5l3.2 3L13 4.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
        ) : (
          <path
            d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.3"
            strokeLinejoin="round"
          />
        )}
      </svg>
    </Button>
  );
}

export interface CopyMarkdownProps {
  /** Made when it is pressed. */
  markdown: () => string;
  size?: 'normal' | 'small';
  look?: 'normal' | 'quiet';
  title?: string;
}

/** The same in words, where it stands among other verbs. */
export function CopyMarkdown({ markdown, size = 'normal', look = 'normal', title }: CopyMarkdownProps) {
  const [copied, copy] = useCopied();
  return (
    <Button size={size} look={look} title={title} className={classes.words} onClick={() => copy(markdown())}>
      <span aria-live="polite">{copied ? 'Copied' : 'Copy as Markdown'}</span>
    </Button>
  );
}
