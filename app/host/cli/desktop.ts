// `gatehouse desktop`: the Electron window where it can be, else the browser, with the reason in one line.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { findOwnProgram, PRODUCT_ROOT } from '../programs.ts';
import { hasDisplay } from './browser.ts';
import { forwardSignals } from './childProgram.ts';
import { addServeOptions, DEFAULT_PORT, isReadOnly, type ServeOptions } from './options.ts';
import { runServe } from './serve.ts';
import { remark } from './terminal.ts';

export function registerDesktop(program: Command): void {
  addServeOptions(
    program.command('desktop').description('open the console in a window of its own, or else in the browser'),
  ).action(runDesktop);
}

async function runDesktop(options: ServeOptions): Promise<void> {
  const electron = findElectron();
  const window = join(PRODUCT_ROOT, 'dist', 'main', 'main.js');
  const obstacle = whyNoWindow({
    hasDisplay: hasDisplay(),
    isLinuxRoot: process.platform === 'linux' && process.getuid?.() === 0,
    hasElectron: electron !== undefined,
    isBuilt: existsSync(window),
  });
  // --no-open asks for no window of any kind, so its absence needs no reason.
  if (!options.open || obstacle !== undefined || electron === undefined) {
    if (options.open) remark(`No desktop window: ${obstacle}.`);
    await runServe(options);
    return;
  }
  const child = spawn(electron, [window], {
    stdio: 'inherit',
    env: {
      ...process.env,
      // The window starts the host on this very Node and program.
      GATEHOUSE_NODE: process.execPath,
      GATEHOUSE_PROGRAM: findOwnProgram(),
      GATEHOUSE_SERVE_ARGUMENTS: JSON.stringify(toServeArguments(options)),
    },
  });
  const startedAt = performance.now();
  let signal: NodeJS.Signals | null = null;
  child.once('exit', (_code, by) => {
    signal = by;
  });
  process.exitCode = await forwardSignals(child);
  const failure = whyWindowFailed(signal, performance.now() - startedAt);
  if (failure === undefined) return;
  process.exitCode = undefined;
  remark(`No desktop window: ${failure}.`);
  await runServe(options);
}

/** Electron ends itself like this where its sandbox cannot be had, as on systems that restrict user namespaces. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGTRAP', 'SIGABRT', 'SIGILL', 'SIGSEGV', 'SIGBUS'];
/** What crashes later was a window once, and its operator has seen it. */
const STARTING_MS = 10_000;

/** Why the browser has to take over from a window that was started; undefined when it was one. */
export function whyWindowFailed(signal: NodeJS.Signals | null, afterMs: number): string | undefined {
  if (!CRASHES.includes(signal) || afterMs > STARTING_MS) return undefined;
  return `Electron ended with ${signal} as it started; its own message is above`;
}

export function whyNoWindow(found: {
  hasDisplay: boolean;
  isLinuxRoot: boolean;
  hasElectron: boolean;
  isBuilt: boolean;
}): string | undefined {
  if (!found.hasDisplay) return 'there is no display';
  // Chromium's sandbox refuses root, and without it the window is not what it says it is.
  if (found.isLinuxRoot) return 'Electron does not run as root';
  if (!found.hasElectron) return "Electron's program is not installed";
  if (!found.isBuilt) return 'the window is not built; run `npm run build`';
  return undefined;
}

/** The options of a window's host. Its port is any free one unless one was named: a window needs no address to remember. */
export function toServeArguments(options: ServeOptions): string[] {
  return [
    ...['--engine', options.engine, '--log-level', options.logLevel],
    ...(options.port === DEFAULT_PORT ? [] : ['--port', String(options.port)]),
    ...(options.stack === undefined ? [] : ['--stack', options.stack]),
    ...(isReadOnly(options) ? ['--read-only'] : []),
  ];
}

/** Looks without requiring the package, since requiring it starts a download. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  let folder: string;
  try {
    folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return undefined;
  }
  const override = environment.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = join(folder, 'path.txt');
  if (!override && !existsSync(pathFile)) return undefined;
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const binary = join(override ?? join(folder, 'dist'), name);
  return existsSync(binary) ? binary : undefined;
}
