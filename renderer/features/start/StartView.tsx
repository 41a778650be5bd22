import { useState } from 'react';
import { useLive } from '../../api/useLive.ts';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { Engines } from './Engines.tsx';
import { FolderForm } from './FolderForm.tsx';
import { Projects } from './Projects.tsx';
import { SandboxPanel } from './SandboxPanel.tsx';
import classes from './StartView.module.css';

/** What is here? Nothing starts, pulls or listens until it is asked for. */
export function StartView() {
  const found = useLive('environment.found');
  const sandbox = useLive('sandbox.watch');
  const [isAsked, setAsked] = useState(false);
  const isRunning = (found.data?.projects ?? []).some((project) => project.containers.running > 0);
  // The columns must not change places while the sandbox comes up.
  const isStarting = sandbox.data?.state === 'starting';
  const isSandboxFirst = found.data !== null && (!isRunning || isStarting);
  const projects = (
    <div key="projects" className={classes.column}>
      <Projects found={found} />
      <FolderForm />
    </div>
  );
  const engines = (
    <div key="engines" className={classes.column}>
      <SandboxPanel live={sandbox} isFirstChoice={isSandboxFirst} isAsked={isAsked} onAsked={setAsked} />
      <Engines found={found} />
    </div>
  );
  return (
    <div className={classes.page}>
      <ViewHeader title="What is here" note="Nothing starts, pulls or listens until you ask for it." />
      <div className={classes.columns}>{isSandboxFirst ? [engines, projects] : [projects, engines]}</div>
    </div>
  );
}
