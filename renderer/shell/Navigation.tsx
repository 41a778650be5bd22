import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Environment } from '../../app/contract/index.ts';
import { useLive } from '../api/useLive.ts';
import { formatCount } from '../components/format.ts';
import { Kbd } from '../components/Kbd.tsx';
import { StatusMark } from '../components/StatusMark.tsx';
import { useUiState } from '../state/uiState.ts';
import { useEnvironment, useEnvironmentId } from './environment.ts';
import classes from './Navigation.module.css';
import { type ViewName, viewGroups, viewPaths, views } from './views.ts';

export function Navigation() {
  const environment = useEnvironmentId();
  const { data } = useEnvironment();
  const showKeys = useUiState((state) => state.showKeys);
  return (
    <nav className={classes.nav} aria-label="Views">
      {viewGroups.map((group) => {
        const members = views.filter((view) => view.group === group);
        if (members.length === 0) return null;
        return (
          <section key={group} className={classes.group} aria-label={group}>
            <p className={classes.heading} aria-hidden="true">
              {group}
            </p>
            <ul>
              {members.map((view) => (
                <li key={view.name}>
                  <Link
                    to={viewPaths[view.name]}
                    params={{ environment }}
                    className={classes.link}
                    title={view.question}
                    activeOptions={{ includeSearch: false }}
                    activeProps={{ 'aria-current': 'page' }}
                  >
                    {view.label}
                    <small>{data ? toCount(view.name, data.counts) : null}</small>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <span className={classes.grow} />
      <Link
        to={viewPaths.settings}
        params={{ environment }}
        className={classes.link}
        activeOptions={{ includeSearch: false }}
        activeProps={{ 'aria-current': 'page' }}
      >
        Settings
      </Link>
      <button type="button" className={classes.link} onClick={() => showKeys(true)}>
        Keys <Kbd keys="?" />
      </button>
    </nav>
  );
}

function toCount(view: ViewName, counts: Environment['counts']): ReactNode {
  if (view === 'traffic')
    return counts.requestsPerSecond === null ? null : `${formatCount(counts.requestsPerSecond)}/s`;
  if (view === 'breakers')
    return counts.breakersTripped > 0 ? <Trouble count={counts.breakersTripped} words="open" /> : null;
  if (view === 'services') {
    return (
      <>
        {counts.servicesInTrouble > 0 ? <Trouble count={counts.servicesInTrouble} words="in trouble of" /> : null}
        {formatCount(counts.services)}
      </>
    );
  }
  if (view === 'routes') return formatCount(counts.routes);
  if (view === 'stack') return <RunCount />;
  return null;
}

function Trouble({ count, words }: { count: number; words: string }) {
  return (
    <span className={classes.trouble}>
      <StatusMark level="down" label="" /> {count}
      <span className="heard"> {words} </span>
    </span>
  );
}

/** A plan that is being carried out, whoever began it, is seen from every view. */
function RunCount() {
  const { data: run } = useLive('stack.run', { environment: useEnvironmentId() });
  if (!run || run.result) return null;
  const done = run.steps.filter(({ state }) => state === 'done').length;
  return (
    <>
      {formatCount(done)} of {formatCount(run.steps.length)}
      <span className="heard"> steps done of what is being carried out</span>
    </>
  );
}
