// Opening at login: macOS and Windows by Electron's own setting, Linux by a file of the desktop's (XDG Autostart).
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ElectronSeam } from './electronSeam.ts';

export interface LoginItem {
  /** undefined where there is no such thing: a program that runs from a checkout has no place to be found at. */
  readonly isOn: boolean | undefined;
  set(isOn: boolean): void;
}

export interface LoginSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly execPath: string;
}

/** `[Desktop Entry]` for the folder that the session starts programs from. Throws for a path that cannot be written there. */
export function toAutostartEntry(program: string): string {
  // A line end would begin another key, in a file that says what is run.
  if (/[\p{Cc}]/u.test(program))
    throw new Error(`the path of the program ${JSON.stringify(program)} holds a control character`);
  // Desktop Entry Specification, "The Exec key": quoted, with " ` $ \ escaped, and a percent sign doubled.
  const quoted = program
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('%', '%%')
    .replaceAll('\\', '\\\\');
  return ['[Desktop Entry]', 'Type=Application', 'Name=Gatehouse', `Exec="${quoted}"`, 'Terminal=false', ''].join('\n');
}

export function createLoginItem({ app }: Pick<ElectronSeam, 'app'>, surroundings: LoginSurroundings): LoginItem {
  const { platform, environment } = surroundings;
  if (!app.isPackaged) return { isOn: undefined, set: () => undefined };
  if (platform !== 'linux') {
    return {
      get isOn() {
        return app.getLoginItemSettings().openAtLogin;
      },
      set: (openAtLogin) => app.setLoginItemSettings({ openAtLogin }),
    };
  }
  const folder = environment.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const file = join(folder, 'autostart', 'gatehouse.desktop');
  return {
    get isOn() {
      return existsSync(file);
    },
    set(isOn) {
      if (!isOn) return rmSync(file, { force: true });
      mkdirSync(dirname(file), { recursive: true });
      // An AppImage is mounted anew at every start; its own path is in its environment.
      writeFileSync(file, toAutostartEntry(environment.APPIMAGE ?? surroundings.execPath));
    },
  };
}
