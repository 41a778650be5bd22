// What the tray shows and offers. Pure: the last report and the settings in, an icon's name and a menu out.
import type { MenuItemConstructorOptions } from 'electron';
import type { Level, StateReport } from './stateReport.ts';

export interface TrayFacts {
  /** Of the environment that was reported last; undefined before the first, and while no host runs. */
  readonly report: StateReport | undefined;
  /** Whether a host runs at all. */
  readonly hasHost: boolean;
  readonly notifications: boolean;
  readonly isQuietForNow: boolean;
  readonly hasQuietHours: boolean;
  readonly keepRunning: boolean;
  /** undefined where the platform, or a program that is not installed, has no such thing. */
  readonly opensAtLogin: boolean | undefined;
}

export interface TrayActions {
  readonly open: (path?: string) => void;
  readonly toggle: (setting: 'notifications' | 'quietHours' | 'keepRunning' | 'openAtLogin') => void;
  readonly quietForAnHour: () => void;
  readonly quit: () => void;
}

export interface TrayView {
  readonly level: Level;
  readonly tooltip: string;
  readonly menu: MenuItemConstructorOptions[];
}

const WORDS: Readonly<Record<Level, string>> = {
  ok: 'well',
  degraded: 'degraded',
  down: 'down',
  unknown: 'not known',
};
const MODES: Readonly<Record<StateReport['mode'], string>> = {
  dev: 'development',
  prod: 'production',
  unknown: 'not known',
};
const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };
/** Windows cuts a tooltip at 127 characters. */
const MAX_TOOLTIP = 127;

export function describeTray(facts: TrayFacts, actions: TrayActions): TrayView {
  const { report, hasHost } = facts;
  const verdict = report && hasHost ? report : undefined;
  const said = verdict ? `${verdict.name}: ${verdict.headline || WORDS[verdict.level]}` : whyNothing(hasHost);
  return {
    // Unknown is never drawn as well: neither before the first report nor without a host.
    level: verdict?.level ?? 'unknown',
    tooltip: `Gatehouse\n${said}`.slice(0, MAX_TOOLTIP),
    menu: [
      { id: 'verdict', label: said, enabled: verdict !== undefined, click: () => actions.open(overviewOf(verdict)) },
      ...(verdict?.cause ? [{ id: 'cause', label: verdict.cause, enabled: false }] : []),
      SEPARATOR,
      { id: 'open', label: 'Open Gatehouse', click: () => actions.open() },
      ...(verdict ? [modeItem(verdict, actions)] : []),
      SEPARATOR,
      ...settingItems(facts, actions),
      SEPARATOR,
      { id: 'quit', label: 'Quit Gatehouse', click: actions.quit },
    ],
  };
}

const whyNothing = (hasHost: boolean) => (hasHost ? 'No environment is shown' : 'The host of the console does not run');
const overviewOf = (report: StateReport | undefined) => report && `/env/${report.environment}/overview`;

/** It leads to the plan of a switch, which changes nothing before it is read and said yes to. */
function modeItem({ environment, mode }: StateReport, { open }: TrayActions): MenuItemConstructorOptions {
  const to = mode === 'prod' ? 'dev' : 'prod';
  const label = `Mode: ${MODES[mode]}`;
  if (mode === 'unknown') return { id: 'mode', label, enabled: false };
  return {
    id: 'mode',
    label,
    submenu: [
      {
        id: 'switch',
        label: `Plan a Switch to ${MODES[to]} …`,
        click: () => open(`/env/${environment}/stack?plan=switch&to=${to}`),
      },
    ],
  };
}

function settingItems(facts: TrayFacts, { toggle, quietForAnHour }: TrayActions): MenuItemConstructorOptions[] {
  const box = (id: Parameters<TrayActions['toggle']>[0], label: string, checked: boolean) =>
    ({ id, label, type: 'checkbox', checked, click: () => toggle(id) }) as const;
  return [
    box('notifications', 'Notifications', facts.notifications),
    {
      id: 'quietForNow',
      label: 'Quiet for an Hour',
      type: 'checkbox',
      checked: facts.isQuietForNow,
      enabled: facts.notifications,
      click: quietForAnHour,
    },
    box('quietHours', 'Quiet at Night (22:00 to 7:00)', facts.hasQuietHours),
    SEPARATOR,
    box('keepRunning', 'Keep Running without a Window', facts.keepRunning),
    ...(facts.opensAtLogin === undefined ? [] : [box('openAtLogin', 'Open at Login', facts.opensAtLogin)]),
  ];
}
