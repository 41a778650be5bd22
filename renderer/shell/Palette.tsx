import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useLive } from '../api/useLive.ts';
import { useUiState } from '../state/uiState.ts';
import { useAppearance } from './AppearanceButton.tsx';
import { useDemo } from './DemoSwitch.tsx';
import { canChange, useEnvironment, useOpenView } from './environment.ts';
import classes from './Palette.module.css';
import { toStackVerbs } from './stackVerbs.ts';
import { views } from './views.ts';

/** Every view, service and verb, at Ctrl/⌘-K. */
export function Palette({ environment }: { environment: string | null }) {
  return environment ? <EnvironmentPalette environment={environment} /> : <GeneralPalette />;
}

function GeneralPalette() {
  return <PaletteOf groups={useGeneralActions()} />;
}

function useGeneralActions(): SpotlightActionGroupData[] {
  const navigate = useNavigate();
  const { toggle } = useAppearance();
  const showKeys = useUiState((state) => state.showKeys);
  return [
    {
      group: 'Console',
      actions: [
        { id: 'start', label: 'Start', description: 'What is here?', onClick: () => void navigate({ to: '/' }) },
        { id: 'theme', label: 'Toggle dark and light', onClick: toggle },
        { id: 'keys', label: 'Show the keys', onClick: () => showKeys(true) },
      ],
    },
  ];
}

function EnvironmentPalette({ environment }: { environment: string }) {
  const general = useGeneralActions();
  const openView = useOpenView();
  const { data: frame } = useEnvironment();
  const showUnlock = useUiState((state) => state.showUnlock);
  const { data: topology } = useLive('stack.topology', { environment });
  const { demo, toggle: toggleDemo } = useDemo(environment);

  const verbs: SpotlightActionData[] = [];
  if (frame?.guard === 'locked') verbs.push({ id: 'unlock', label: 'Unlock…', onClick: () => showUnlock(true) });
  if (frame && canChange(frame.guard)) {
    if (demo?.state === 'running') verbs.push({ id: 'demo', label: 'Stop demo traffic', onClick: toggleDemo });
    else if (demo?.notAllowed === null) verbs.push({ id: 'demo', label: 'Start demo traffic', onClick: toggleDemo });
    verbs.push(...toStackVerbs(frame.mode, topology?.services ?? [], (search) => openView('stack', search)));
  }
  const commands = ['status', 'routes', 'breakers', 'tap', 'trace', 'plan', 'drift'].map((verb) => `gatehouse ${verb}`);
  for (const command of commands) {
    verbs.push({
      id: command,
      label: `Copy: ${command}`,
      keywords: 'cli command copy',
      onClick: () => void navigator.clipboard.writeText(command),
    });
  }
  const groups: SpotlightActionGroupData[] = [
    {
      group: 'Views',
      actions: views.map((view) => ({
        id: view.name,
        label: view.label,
        description: view.question,
        onClick: () => openView(view.name),
      })),
    },
    {
      group: 'Services',
      actions: (topology?.services ?? []).map((service) => ({
        id: `service ${service.name}`,
        label: service.name,
        description: service.statusText,
        onClick: () => openView('services', { service: service.name }),
      })),
    },
    { group: 'Verbs', actions: verbs },
    ...general,
  ];
  return <PaletteOf groups={groups} />;
}

function PaletteOf({ groups }: { groups: SpotlightActionGroupData[] }) {
  return (
    <Spotlight
      actions={groups}
      nothingFound="Nothing has this name"
      searchProps={{ placeholder: 'View, service or verb', 'aria-label': 'View, service or verb' }}
      scrollable
      attributes={{ content: { 'aria-label': 'Search or run' } }}
      maxHeight={420}
      size={560}
      lockScroll={false}
      overlayProps={{ blur: 0 }}
      transitionProps={{ duration: 0 }}
      triggerOnContentEditable
      tagsToIgnore={[]}
      onSpotlightClose={() => spotlight.close()}
      classNames={{
        overlay: classes.overlay ?? '',
        content: classes.content ?? '',
        search: classes.search ?? '',
        actionsList: classes.list ?? '',
        action: classes.action ?? '',
        actionLabel: classes.label ?? '',
        actionDescription: classes.description ?? '',
        actionBody: classes.body ?? '',
        empty: classes.empty ?? '',
      }}
    />
  );
}
