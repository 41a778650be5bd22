// What the console is set to, where it finds what it shows, and what it is made of.

import { useLive } from '../../api/useLive.ts';
import { ViewHeader } from '../../components/ViewHeader.tsx';
import { useEnvironmentIdOrNull } from '../../shell/environment.ts';
import { useViewSearch } from '../../shell/useViewSearch.ts';
import { Tabs } from '../services/Tabs.tsx';
import { Engines } from '../start/Engines.tsx';
import { AboutPanel } from './AboutPanel.tsx';
import { AppearancePanel } from './AppearancePanel.tsx';
import { GatewayPanel } from './GatewayPanel.tsx';
import classes from './SettingsView.module.css';
import { ShortcutsPanel } from './ShortcutsPanel.tsx';
import { StacksPanel } from './StacksPanel.tsx';

export function SettingsView() {
  const environment = useEnvironmentIdOrNull();
  const [search, change] = useViewSearch();
  return (
    <>
      <ViewHeader title="Settings" note="appearance is kept in this browser, all else by the host" />
      <section className={classes.tabs}>
        <Tabs
          label="Settings"
          open={search.part ?? 'appearance'}
          onOpen={(part) => change({ part, stack: null })}
          tabs={[
            { name: 'appearance', label: 'Appearance', content: () => <AppearancePanel /> },
            { name: 'engines', label: 'Engines', content: () => <EnginesPart /> },
            { name: 'stacks', label: 'Stacks', content: () => <StacksPanel /> },
            { name: 'gateway', label: 'Gateway', content: () => <GatewayPanel environment={environment} /> },
            { name: 'shortcuts', label: 'Shortcuts', content: () => <ShortcutsPanel /> },
            { name: 'about', label: 'About', content: () => <AboutPanel environment={environment} /> },
          ]}
        />
      </section>
    </>
  );
}

/** Engines are found, not entered: what `docker ps` reaches here is what the host can reach. */
function EnginesPart() {
  const found = useLive('environment.found');
  return (
    <div className={classes.part}>
      <Engines found={found} />
      <p className={classes.note}>
        Engines are found where the docker command finds them: <code>DOCKER_HOST</code>, the docker contexts, the usual
        sockets of this machine. To add one, make a context for it (<code>docker context create</code>) and restart the
        host. Only the chosen one is looked at unasked.
      </p>
    </div>
  );
}
