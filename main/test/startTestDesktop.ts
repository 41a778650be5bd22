// The whole desktop, as main.ts puts it together, on a recording of Electron and a real host process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { type DesktopParts, startDesktop } from '../desktop.ts';
import { FakeElectron, type FakeOptions } from './fakeElectron.ts';

export type HostMode =
  | 'well'
  | 'weak-policy'
  | 'dies-early'
  | 'wrong-use'
  | 'port-taken'
  | 'stubborn'
  | 'not-listening';

export interface TestDesktopOptions extends Partial<FakeOptions> {
  readonly mode?: HostMode;
  readonly parts?: Partial<DesktopParts>;
}

export interface TestDesktop {
  readonly electron: FakeElectron;
  readonly folder: string;
  /** The ports that hosts were asked to take, one a start. */
  readonly ports: readonly number[];
  /** What the hosts wrote to their stderr. */
  readonly echoed: () => string;
}

/** As long as main itself gives a host to get ready. */
const WITHIN = { timeout: 30_000, interval: 20 };

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-desktop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends itself, and its host, with the test. */
export function startTestDesktop({ mode = 'well', parts, ...options }: TestDesktopOptions = {}): TestDesktop {
  const folder = options.folder ?? temporaryFolder();
  const electron = new FakeElectron({ ...options, folder });
  const ports: number[] = [];
  let echoed = '';
  startDesktop(electron.seam, {
    platform: 'linux',
    version: '1.2.3',
    preload: '/product/dist/main/preload.cjs',
    documentation: '/product/README.md',
    icons: '/product/icons',
    programArguments: [],
    loginItem: { isOn: undefined, set: () => undefined },
    createUpdater: () => ({ look: async () => 'Looking for updates is turned off.' }),
    policy: { delaysMs: [10, 20, 30], healthyMs: 60_000 },
    echo: (chunk) => {
      echoed += chunk.toString();
    },
    ...parts,
    commandOf: (port) => {
      ports.push(port);
      const script = join(import.meta.dirname, 'smallHost.ts');
      return parts?.commandOf?.(port) ?? { node: process.execPath, args: [script, String(port), mode] };
    },
  });
  onTestFinished(async () => {
    if (electron.named('app.exit').length > 0) return;
    electron.quit();
    await hasExited(electron);
  });
  return { electron, folder, ports, echoed: () => echoed };
}

export async function hasExited(electron: FakeElectron): Promise<void> {
  await vi.waitFor(() => {
    if (electron.named('app.exit').length === 0) throw new Error('the program has not exited');
  }, WITHIN);
}

/** Waits for a page of the given kind that is not `other`, and gives its address. */
export async function shownPage(electron: FakeElectron, kind: 'http:' | 'data:', other = ''): Promise<string> {
  return await vi.waitFor(() => {
    const url = electron.windows[0]?.contents.url ?? '';
    if (!url.startsWith(kind) || url === other) throw new Error(`the window shows ${url.slice(0, 100) || 'nothing'}`);
    return url;
  }, WITHIN);
}

/** The text of a failure page. */
export function readPage(url: string): string {
  return Buffer.from(url.split('base64,')[1] ?? '', 'base64').toString();
}

export async function readPid(consoleUrl: string): Promise<number> {
  return Number(await (await fetch(new URL('/pid', consoleUrl))).text());
}

export async function isGone(pid: number): Promise<void> {
  await vi.waitFor(() => {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    throw new Error(`process ${pid} is still there`);
  }, WITHIN);
}
