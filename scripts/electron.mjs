// Fetches Electron's program, which npm does not bring, where a window could be shown. It may fail: the browser is there.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules', 'electron');

const FIRST_BYTE_MS = 5000;
const LOOK_EVERY_MS = 250;

/** Whether a window of ours is wanted and could be seen. Electron's sandbox refuses root on Linux. */
export function wantsWindow(
  args,
  environment = process.env,
  platform = process.platform,
  isRoot = process.getuid?.() === 0,
) {
  if (args.includes('--no-open')) return false;
  if (platform === 'darwin' || platform === 'win32') return !environment.SSH_CONNECTION;
  if (isRoot) return false;
  return Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
}

/** Looks without requiring the package, since requiring it starts the download. One that lies elsewhere is not fetched. */
export function isElectronPresent(folder = packageFolder, environment = process.env) {
  if (environment.ELECTRON_OVERRIDE_DIST_PATH) return true;
  return existsSync(join(folder, 'path.txt')) && existsSync(join(folder, 'dist'));
}

/**
 * Runs Electron's own installer in a child process. Gives up when it has not received a byte in five seconds.
 * Its temporary folder is one of ours, so that what has arrived can be seen without knowing how it downloads.
 */
export async function fetchElectron(node, { folder = packageFolder, firstByteMs = FIRST_BYTE_MS } = {}) {
  const temporary = mkdtempSync(join(tmpdir(), 'gatehouse-electron-'));
  const installer = spawn(node, [join(folder, 'install.js')], {
    stdio: 'ignore',
    env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary, ELECTRON_GET_NO_PROGRESS: '1' },
  });
  const interrupt = () => installer.kill();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const startedAt = Date.now();
  let received = 0;
  let isLate = false;
  const look = setInterval(() => {
    received = Math.max(received, bytesIn(temporary));
    isLate = received === 0 && Date.now() - startedAt > firstByteMs;
    if (isLate) installer.kill();
    else if (received > 0) showProgress(received);
  }, LOOK_EVERY_MS);
  const code = await new Promise((resolve) => {
    installer.on('error', () => resolve(1));
    installer.on('exit', resolve);
  });
  clearInterval(look);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  rmSync(temporary, { recursive: true, force: true });
  if (received > 0) process.stderr.write('\n');
  if (code === 0) return;
  const reason = isLate ? 'no answer within 5 s' : 'the download failed';
  console.error(`Electron could not be fetched (${reason}); the console opens in the browser.`);
}

function showProgress(bytes) {
  const text = `Fetching Electron: ${(bytes / 1024 / 1024).toFixed(0)} MB`;
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
  else if (!showProgress.said) process.stderr.write(`${text} …`);
  showProgress.said = true;
}

function bytesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .map((entry) => statSync(join(folder, entry)))
      .filter((stats) => stats.isFile())
      .reduce((sum, { size }) => sum + size, 0);
  } catch {
    // A file that was moved away between the two calls.
    return 0;
  }
}
