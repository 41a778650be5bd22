// The desktop's program. It finds what belongs to it and starts the desktop; nothing is decided here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, screen, session, shell } from 'electron';
import { startDesktop } from './desktop.ts';
import { createHostCommand } from './hostCommand.ts';
import { RESTART_POLICY } from './restartPolicy.ts';

/** dist/main is two levels below the product. */
const PRODUCT_ROOT = join(import.meta.dirname, '..', '..');

const { version } = JSON.parse(readFileSync(join(PRODUCT_ROOT, 'package.json'), 'utf8')) as { version: string };
const { env: environment, platform, resourcesPath } = process;
const { isPackaged } = app;

// A terminal that was closed takes no more text; that is no reason to end.
process.stderr.on('error', () => undefined);

startDesktop(
  { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, screen, session, shell },
  {
    platform,
    version,
    commandOf: (port) => createHostCommand({ environment, platform, resourcesPath, isPackaged }, port),
    preload: join(import.meta.dirname, 'preload.cjs'),
    documentation: join(PRODUCT_ROOT, 'README.md'),
    policy: RESTART_POLICY,
    echo: (chunk) => void (isPackaged || process.stderr.write(chunk)),
  },
);
