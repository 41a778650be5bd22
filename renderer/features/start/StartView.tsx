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
  const isRunning = (found.data?.projects ?? []).some((project) => project.containers.running > 0);
  return (
    <div className={classes.page}>
      <ViewHeader title="What is here" note="Nothing starts, pulls or listens until you ask for it." />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Projects found={found} />
          <FolderForm />
        </div>
        <div className={classes.column}>
          <SandboxPanel live={sandbox} isFirstChoice={found.data !== null && !isRunning} />
          <Engines found={found} />
        </div>
      </div>
    </div>
  );
}
