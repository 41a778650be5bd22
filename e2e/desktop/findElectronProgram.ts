// Where Electron's program is, or what is missing for it. Looks without requiring the package, which would start a download.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Found =
  | { readonly path: string; readonly isPackaged: boolean; readonly missing?: undefined }
  | { readonly path?: undefined; readonly isPackaged?: undefined; readonly missing: string };

/** GATEHOUSE_TEST_WINDOW names an installed Gatehouse; else the program that `npm start` has downloaded. */
export function findElectronProgram(environment: NodeJS.ProcessEnv = process.env): Found {
  if (environment.GATEHOUSE_TEST_WINDOW) return { path: environment.GATEHOUSE_TEST_WINDOW, isPackaged: true };
  const folder = join(import.meta.dirname, '..', '..', 'node_modules', 'electron');
  const file = join(folder, 'path.txt');
  const path = existsSync(file) ? join(folder, 'dist', readFileSync(file, 'utf8').trim()) : '';
  if (!existsSync(path) || path === '') {
    return { missing: "needs Electron's program, which is downloaded from outside the package registry" };
  }
  if (process.platform === 'linux') {
    if (process.getuid?.() === 0) return { missing: "Electron's sandbox refuses root" };
    if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return { missing: 'needs a display; xvfb-run gives one' };
  }
  return { path, isPackaged: false };
}
