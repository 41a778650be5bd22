// Tray and notifications: keeps what pages reported, and carries the decisions of tray.ts and notices.ts into Electron.
import { join } from 'node:path';
import type { DesktopStateFile } from './desktopState.ts';
import type { ElectronSeam } from './electronSeam.ts';
import type { LoginItem } from './loginItem.ts';
import { GROUP_MS, NO_NOTICES, type Notice, sayWhatWaits, takeReport } from './notices.ts';
import type { Level, StateReport } from './stateReport.ts';
import { describeTray, type TrayActions } from './tray.ts';

export interface AttentionParts {
  readonly state: DesktopStateFile;
  readonly loginItem: LoginItem;
  /** The folder of the tray's icons. */
  readonly icons: string;
  readonly open: (path?: string) => void;
  /** Who looks at an environment needs no notification of it. */
  readonly isLookedAt: (environment: string) => boolean;
  readonly now?: () => Date;
  /** How long notices gather; GROUP_MS when not given. */
  readonly groupMs?: number;
}

export interface Attention {
  take(report: StateReport): void;
  setHost(isRunning: boolean): void;
}

/** Pages tell again every 20 s; what was not told for longer is not known any more. */
const REPORT_AGE_MS = 60_000;
const LOOK_AGAIN_MS = 15_000;
const HOUR_MS = 3_600_000;
const NIGHT = { from: 22 * 60, to: 7 * 60 };
/** Pages show few environments at a time. */
const MAX_REPORTS = 50;
const WORST: readonly Level[] = ['down', 'degraded', 'unknown', 'ok'];

export function createAttention(electron: ElectronSeam, parts: AttentionParts): Attention {
  const { state, loginItem, now = () => new Date() } = parts;
  const reports = new Map<string, { report: StateReport; at: number }>();
  let notices = NO_NOTICES;
  let hasHost = false;
  let gathering: NodeJS.Timeout | undefined;

  const actions: TrayActions = {
    open: parts.open,
    toggle(setting) {
      const { notifications, quietHours, keepRunning } = state.current;
      if (setting === 'openAtLogin') loginItem.set(!loginItem.isOn);
      if (setting === 'notifications') state.change({ notifications: !notifications });
      if (setting === 'quietHours') state.change({ quietHours: quietHours ? undefined : NIGHT });
      if (setting === 'keepRunning') state.change({ keepRunning: !keepRunning });
      paint();
    },
    quietForAnHour() {
      const isOn = now().getTime() < state.current.quietUntil;
      state.change({ quietUntil: isOn ? 0 : now().getTime() + HOUR_MS });
      paint();
    },
    quit: () => electron.app.quit(),
  };

  const tray = createTrayIcon(electron, parts);
  function paint(): void {
    tray(
      describeTray(
        {
          report: worstOf(reports, now().getTime()),
          hasHost,
          notifications: state.current.notifications,
          isQuietForNow: now().getTime() < state.current.quietUntil,
          hasQuietHours: state.current.quietHours !== undefined,
          keepRunning: state.current.keepRunning,
          opensAtLogin: loginItem.isOn,
        },
        actions,
      ),
    );
  }

  function sayNow(): void {
    gathering = undefined;
    const said = sayWhatWaits(notices, state.current, now());
    notices = said.state;
    for (const notice of said.notices) showNotice(electron, notice, parts);
  }

  paint();
  setInterval(paint, LOOK_AGAIN_MS).unref();
  return {
    take(report) {
      reports.delete(report.environment);
      reports.set(report.environment, { report, at: now().getTime() });
      for (const oldest of reports.keys()) {
        if (reports.size <= MAX_REPORTS) break;
        reports.delete(oldest);
      }
      notices = takeReport(notices, report, now().getTime());
      if (notices.waiting.size > 0 && gathering === undefined) {
        gathering = setTimeout(sayNow, parts.groupMs ?? GROUP_MS).unref();
      }
      paint();
    },
    setHost(isRunning) {
      hasHost = isRunning;
      if (!isRunning) reports.clear();
      paint();
    },
  };
}

/** Of what was told lately, the worst; of several such the latest. */
function worstOf(reports: ReadonlyMap<string, { report: StateReport; at: number }>, now: number) {
  const fresh = [...reports.values()].filter(({ at }) => now - at < REPORT_AGE_MS).map(({ report }) => report);
  return fresh.sort((a, b) => WORST.indexOf(a.level) - WORST.indexOf(b.level))[0];
}

/** Sets only what has changed: a menu that is replaced while it is open closes on some desktops. */
function createTrayIcon({ Tray, Menu }: ElectronSeam, { icons, open }: AttentionParts) {
  const iconOf = (level: Level) => join(icons, `tray-${level}.png`);
  let shown = '';
  let level: Level = 'unknown';
  const tray = new Tray(iconOf(level));
  tray.on('click', () => open());
  return (view: ReturnType<typeof describeTray>) => {
    const key = JSON.stringify(view);
    if (key === shown) return;
    shown = key;
    if (view.level !== level) tray.setImage(iconOf(view.level));
    level = view.level;
    tray.setToolTip(view.tooltip);
    tray.setContextMenu(Menu.buildFromTemplate(view.menu));
  };
}

function showNotice({ Notification }: ElectronSeam, { title, body, path }: Notice, parts: AttentionParts): void {
  const environment = path.split('/')[2] ?? '';
  if (!Notification.isSupported() || parts.isLookedAt(environment)) return;
  const notification = new Notification({ title, body });
  notification.on('click', () => parts.open(path));
  notification.show();
}
