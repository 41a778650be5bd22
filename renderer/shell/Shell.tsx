// The frame around every view: top bar, navigation, palette, keys.
import { Notifications } from '@mantine/notifications';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useUiState } from '../state/uiState.ts';
import { ConnectionNotice } from './ConnectionNotice.tsx';
import { DesktopLink } from './DesktopLink.tsx';
import { useEnvironmentIdOrNull, useOpenView } from './environment.ts';
import { KeysSheet } from './KeysSheet.tsx';
import { Navigation } from './Navigation.tsx';
import { Palette } from './Palette.tsx';
import { PlaceFrame } from './PlaceFrame.tsx';
import classes from './Shell.module.css';
import { SourceNotice } from './SourceNotice.tsx';
import { TopBar } from './TopBar.tsx';
import { UnlockDialog } from './UnlockDialog.tsx';
import { useKeys } from './useKeys.ts';
import { views } from './views.ts';

export function Shell() {
  const environment = useEnvironmentIdOrNull();
  return (
    <div className={classes.frame} data-nav={environment !== null || undefined}>
      <a className={classes.skip} href="#view">
        Skip to the view
      </a>
      <TopBar environment={environment} />
      {environment ? <Navigation /> : null}
      <main id="view" className={classes.view} tabIndex={-1}>
        <ConnectionNotice />
        {environment ? <SourceNotice /> : null}
        <Outlet />
      </main>
      <PageKeys environment={environment} />
      <Palette environment={environment} />
      <KeysSheet />
      <DesktopLink environment={environment} />
      {environment ? (
        <>
          <UnlockDialog environment={environment} />
          <OpenPorts environment={environment} />
          <PlaceFrame />
        </>
      ) : null}
      <Notifications position="bottom-right" limit={3} />
    </div>
  );
}

const ForwardsDialog = lazy(async () => {
  const { ForwardsDialog: component } = await import('../features/forwards/ForwardsDialog.tsx');
  return { default: component };
});

function OpenPorts({ environment }: { environment: string }) {
  const shown = useUiState((state) => state.forwardsShown);
  if (!shown) return null;
  return (
    <Suspense>
      <ForwardsDialog environment={environment} />
    </Suspense>
  );
}

function PageKeys({ environment }: { environment: string | null }) {
  const showKeys = useUiState((state) => state.showKeys);
  const openView = useOpenView();
  const navigate = useNavigate();
  const jumps = environment ? Object.fromEntries(views.map((view) => [view.key, () => openView(view.name)])) : {};
  useKeys({
    ...jumps,
    'g h': () => void navigate({ to: '/' }),
    '/': () => document.querySelector<HTMLElement>('[data-view-filter]')?.focus(),
    '?': () => showKeys(true),
    j: focusFirstRow,
    k: focusFirstRow,
  });
  return null;
}

/** With no row in focus, j and k enter the first table of the view; from there the table moves by itself. */
function focusFirstRow(): void {
  document.querySelector<HTMLElement>('main [data-keys-table] tr[tabindex="0"]')?.focus();
}
