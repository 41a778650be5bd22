// Main's side of the bridge: every call is checked for who calls and with what, then done.
import type { IpcMainInvokeEvent } from 'electron';
import { type BridgeCall, toChannel } from './bridge.ts';
import { type CallingFrame, checkCaller, checkNoInput, parseAppearance } from './bridgeCalls.ts';
import type { ConsoleWindows } from './consoleWindows.ts';
import type { DesktopStateFile } from './desktopState.ts';
import type { ElectronSeam } from './electronSeam.ts';
import type { HostSupervisor } from './hostSupervisor.ts';
import { parseStateReport, type StateReport } from './stateReport.ts';
import { toThemeSource } from './window.ts';

export interface BridgeParts {
  readonly windows: ConsoleWindows;
  readonly state: DesktopStateFile;
  readonly onReport: (report: StateReport) => void;
  readonly supervisor: HostSupervisor;
  readonly openLogFolder: () => Promise<void>;
}

export function answerBridge(electron: ElectronSeam, parts: BridgeParts): void {
  const { app, ipcMain, nativeTheme } = electron;
  const { windows, state, supervisor } = parts;

  function answer(call: BridgeCall, act: (input: readonly unknown[]) => void | Promise<void>): void {
    ipcMain.handle(toChannel(call), async (event, ...input: unknown[]) => {
      const frame = findFrame(event);
      checkCaller(call, frame, windows.pagesAt(frame?.url ?? ''));
      await act(input);
    });
  }

  answer('setAppearance', (input) => {
    const appearance = parseAppearance(input);
    state.change({ appearance });
    nativeTheme.themeSource = toThemeSource(appearance);
    windows.paintBackground();
  });
  answer('reportState', (input) => parts.onReport(parseStateReport(input)));
  answer('openLogFolder', async (input) => {
    checkNoInput('openLogFolder', input);
    await parts.openLogFolder();
  });
  answer('restartHost', (input) => {
    checkNoInput('restartHost', input);
    // A page can fail while its host is well; then the page alone is what has to come back.
    if (!supervisor.start()) windows.returnToConsole();
  });
  answer('quit', (input) => {
    checkNoInput('quit', input);
    app.quit();
  });
}

/** The frame itself says where it is: `sender` would tell of the page that it belongs to. */
function findFrame({ senderFrame }: IpcMainInvokeEvent): CallingFrame | null {
  return senderFrame && { url: senderFrame.url, isMainFrame: senderFrame.parent === null };
}
