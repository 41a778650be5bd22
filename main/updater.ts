// Looks for a newer Gatehouse with electron-updater, where updatePolicy.ts lets it. What it loads is verified: by a sha512 of
// the server's own list in an AppImage, by the code signature on macOS and Windows; docs/security.md says what that is worth.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DesktopStateFile } from './desktopState.ts';
import { decideUpdate } from './updatePolicy.ts';

export interface Updater {
  /** Looks, and loads what is newer; gives what came of it in a sentence. Never rejects. */
  look(byHand: boolean): Promise<string>;
}

/** So much of electron-updater as is used: an AppUpdater. */
export interface UpdateClient {
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  checkForUpdatesAndNotify(): Promise<{ readonly updateInfo: { readonly version: string } } | null>;
}

export interface UpdaterParts {
  readonly state: DesktopStateFile;
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly appImage: string | undefined;
  readonly resourcesPath: string;
  readonly version: string;
  /** Loaded only when it is used: most starts look for nothing. */
  readonly load: () => Promise<UpdateClient>;
}

export function createUpdater(parts: UpdaterParts): Updater {
  const { state, isPackaged, platform, appImage, resourcesPath, version } = parts;
  return {
    async look(byHand) {
      const hasServer = existsSync(join(resourcesPath, 'app-update.yml'));
      const isWanted = state.current.looksForUpdates;
      const decision = decideUpdate({ isPackaged, hasServer, isWanted, platform, appImage }, byHand);
      if (!decision.look) return decision.reason;
      try {
        const client = await parts.load();
        // An older version with a known hole must not come back as an update.
        client.allowDowngrade = false;
        client.autoInstallOnAppQuit = true;
        const found = await client.checkForUpdatesAndNotify();
        if (!found || found.updateInfo.version === version) return `Gatehouse ${version} is the newest.`;
        return `Gatehouse ${found.updateInfo.version} is being loaded, and installed when this one ends.`;
      } catch (error) {
        return `Looking for updates failed: ${error instanceof Error ? error.message : 'unknown'}`;
      }
    },
  };
}
