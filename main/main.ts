// The desktop's program. It finds what belongs to it and starts the desktop; nothing is decided here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from 'electron';
import { startDesktop } from './desktop.ts';
import { createHostCommand } from './hostCommand.ts';
import { createLoginItem } from './loginItem.ts';
import { RESTART_POLICY } from './restartPolicy.ts';
import { createUpdater } from './updater.ts';

/** dist/main is two levels below the product. */
const PRODUCT_ROOT = join(import.meta.dirname, '..', '..');

const { version } = JSON.parse(readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8')) as { version: string };
const { env: environment, platform, resourcesPath, execPath } = process;
const { isPackaged } = app;
/** What other programs open must lie beside the archive, where they can read it. */
const besideProduct = isPackaged ? resourcesPath : PRODUCT_ROOT;

// A terminal that was closed takes no more text; that is no reason to end.
process.stderr.on('error', () => undefined);

startDesktop(
  { app, BrowserWindow, dialog, ipcMain, Menu, Notification, nativeTheme, safeStorage, screen, session, shell, Tray },
  {
    platform,
    version,
    programArguments: process.argv.slice(1),
    commandOf: (port) => createHostCommand({ environment, platform, resourcesPath, isPackaged }, port),
    preload: join(import.meta.dirname, 'preload.cjs'),
    documentation: join(besideProduct, 'README.md'),
    icons: join(isPackaged ? resourcesPath : join(PRODUCT_ROOT, 'resources'), 'icons'),
    loginItem: createLoginItem({ app }, { platform, environment, execPath }),
    createUpdater: (state) =>
      createUpdater({
        ...{ state, isPackaged, platform, version, resourcesPath, appImage: environment.APPIMAGE },
        load: async () => (await import('electron-updater')).default.autoUpdater,
      }),
    policy: RESTART_POLICY,
    echo: (chunk) => void (isPackaged || process.stderr.write(chunk)),
  },
);
