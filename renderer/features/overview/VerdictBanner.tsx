import { Link } from '@tanstack/react-router';
import { type Environment, type Evidence, formatWindow, type Verdict } from '../../../app/contract/index.ts';
import type { Live } from '../../api/live.ts';
import { Banner, BannerWords } from '../../components/Banner.tsx';
import { buttonLook } from '../../components/Button.tsx';
import { CopyMarkdown } from '../../components/CopyReport.tsx';
import { PanelFailure, PanelSkeleton } from '../../components/Panel.tsx';
import { ViewLink } from '../../shell/ViewLink.tsx';
import type { RouteRow } from './routeRows.ts';
import classes from './VerdictBanner.module.css';
import { splitAtMention, toMarkdown } from './verdictText.ts';

/** Is it well? One sentence, its cause, and the next click. */
export function VerdictBanner({ environment, rows }: { environment: Live<Environment>; rows: RouteRow[] }) {
  if (environment.data === null) {
    return (
      <Banner label="Verdict">
        {environment.state === 'failed' ? <PanelFailure problem={environment.problem} /> : <PanelSkeleton rows={2} />}
      </Banner>
    );
  }
  const { verdict } = environment.data;
  const [first, ...others] = verdict.next;
  return (
    <Banner label="Verdict" level={verdict.level}>
      <BannerWords
        headline={verdict.impact}
        level={verdict.level}
        staleSince={environment.state === 'stale' ? environment.at : null}
        detail={verdict.firstCause ? <FirstCause cause={verdict.firstCause} /> : undefined}
      >
        <EvidenceLine evidence={verdict.evidence} />
      </BannerWords>
      <div className={classes.actions}>
        {others.map((next) => (
          <NextClick key={next.label} next={next} look="normal" />
        ))}
        <CopyMarkdown markdown={() => toMarkdown(environment.data, rows, environment.at ?? Date.now())} />
        {first ? <NextClick next={first} look="primary" /> : null}
      </div>
    </Banner>
  );
}

function NextClick({ next, look }: { next: Verdict['next'][number]; look: 'normal' | 'primary' }) {
  if (next.view === 'start') {
    return (
      <Link to="/" {...buttonLook(look)}>
        {next.label}
      </Link>
    );
  }
  return (
    <ViewLink view={next.view} search={next.search} {...buttonLook(look)}>
      {next.label}
    </ViewLink>
  );
}

const subjectSearch = {
  service: (name: string) => ({ view: 'services' as const, search: { service: name } }),
  route: (name: string) => ({ view: 'routes' as const, search: { route: name } }),
  breaker: (name: string) => ({ view: 'breakers' as const, search: { upstream: name } }),
};

/** The sentence, with the first mention of what it is about as a link there. */
function FirstCause({ cause: { kind, name, text } }: { cause: NonNullable<Verdict['firstCause']> }) {
  if (kind === 'engine' || kind === 'gateway') return text;
  const parts = splitAtMention(text, name);
  if (!parts) return text;
  return (
    <>
      {parts[0]}
      <ViewLink {...subjectSearch[kind](name)} className={classes.subject}>
        {name}
      </ViewLink>
      {parts[1]}
    </>
  );
}

/** What it was judged by; what is counted over time says over how much. */
function EvidenceLine({ evidence }: { evidence: readonly Evidence[] }) {
  if (evidence.length === 0) return null;
  return (
    <ul className={classes.evidence} aria-label="Evidence">
      {evidence.map(({ figure, value, windowMs, source }) => (
        <li key={figure} title={`source: ${source}`}>
          {figure} <b>{value}</b>
          {windowMs === null ? null : <small> last {formatWindow(windowMs)}</small>}
        </li>
      ))}
    </ul>
  );
}
