import { Link } from '@tanstack/react-router';
import type { FoundProject, StartView } from '../../../app/contract/index.ts';
import { type Live, mapLive } from '../../api/live.ts';
import { buttonLook } from '../../components/Button.tsx';
import { Panel } from '../../components/Panel.tsx';
import { StatusText } from '../../components/StatusMark.tsx';
import classes from './Projects.module.css';
import { toProjectLevel, toProjectPlace, toProjectWords } from './projectLevel.ts';

/** Compose projects on the engines, and the opened folders. */
export function Projects({ found }: { found: Live<StartView> }) {
  return (
    <Panel
      title="Compose projects"
      source="engine, folders"
      live={mapLive(found, (start) => start.projects)}
      rows={3}
      empty={{
        when: (projects) => projects.length === 0,
        title: 'No compose project runs here',
        next: 'Start the sandbox to try the console with the platform, or name a folder with compose files.',
      }}
    >
      {(projects) => (
        <ul className={classes.list}>
          {projects.map((project) => (
            <Project key={project.environment} project={project} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Project({ project }: { project: FoundProject }) {
  const runs = project.containers.running > 0;
  return (
    <li className={classes.project}>
      <div className={classes.facts}>
        <p className={classes.name}>
          {project.name}
          {project.engineKind === 'sandbox' ? <span className={classes.sandbox}>SANDBOX</span> : null}
        </p>
        <p className={classes.state}>
          <StatusText level={toProjectLevel(project)}>{toProjectWords(project)}</StatusText>
          {project.hasGateway ? null : <span className="faint"> · no gateway found</span>}
        </p>
        <p className={classes.place} title={project.files.join('\n')}>
          {toProjectPlace(project)}
        </p>
      </div>
      <Link
        to="/env/$environment/overview"
        params={{ environment: project.environment }}
        {...buttonLook(runs ? 'primary' : 'normal')}
        title={project.engineKind === 'docker' ? 'Opens read-only; nothing is changed' : undefined}
      >
        Open<span className="heard"> {project.name}</span>
      </Link>
    </li>
  );
}
