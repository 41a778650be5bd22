// Runs before the page, in a world of its own, and gives the page the bridge and nothing else: no ipcRenderer, no Node.
import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_NAME, BRIDGE_VERSION, type BridgeCall, type DesktopBridge, GO_CHANNEL, toChannel } from './bridge.ts';

// The one thing of the page that is used here; main knows no DOM.
declare const location: { assign(address: string): void };

const call = (name: BridgeCall, ...input: unknown[]) => ipcRenderer.invoke(toChannel(name), ...input) as Promise<void>;

let goTo: ((path: string) => void) | undefined;
ipcRenderer.on(GO_CHANNEL, (_event, path: string) => {
  if (goTo) goTo(path);
  else location.assign(path);
});

const bridge: DesktopBridge = {
  version: BRIDGE_VERSION,
  setAppearance: (appearance) => call('setAppearance', appearance),
  onGo(listener) {
    goTo = listener;
    return () => {
      if (goTo === listener) goTo = undefined;
    };
  },
  reportState: (report) => call('reportState', report),
  openLogFolder: () => call('openLogFolder'),
  restartHost: () => call('restartHost'),
  quit: () => call('quit'),
};

contextBridge.exposeInMainWorld(BRIDGE_NAME, Object.freeze(bridge));
