// Opens the default browser, where there is somebody to see it.
import { spawn } from 'node:child_process';

/** Whether a window could be shown: macOS and Windows have a desktop unless one came in by SSH. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (platform === 'darwin' || platform === 'win32') return !environment.SSH_CONNECTION;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** The command that opens a URL in the default browser. */
export function browserCommand(url: string, platform: NodeJS.Platform = process.platform): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]];
  // `start` is a word of cmd; its first quoted argument would be a window title.
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url]];
  return ['xdg-open', [url]];
}

/** Does nothing where there is no display. The address was printed, so a missing opener is no failure. */
export function openBrowser(url: string): void {
  if (!hasDisplay()) return;
  const [command, args] = browserCommand(url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
