// The terminal in the colours of the console. Pure but for reading the tokens of the page.
import type { ITheme } from '@xterm/xterm';

/** `read('--text')` gives a token's value. The sixteen colours of ANSI are those of status and series. */
export function toTerminalTheme(read: (token: string) => string): ITheme {
  return {
    background: read('--ground'),
    foreground: read('--text'),
    cursor: read('--accent'),
    cursorAccent: read('--ground'),
    selectionBackground: read('--accent-deep'),
    selectionForeground: read('--text'),
    black: read('--surface-strong'),
    red: read('--down'),
    green: read('--ok'),
    yellow: read('--degraded'),
    blue: read('--series-4'),
    magenta: read('--series-2'),
    cyan: read('--series-3'),
    white: read('--text-dim'),
    brightBlack: read('--text-faint'),
    brightRed: read('--down'),
    brightGreen: read('--ok'),
    brightYellow: read('--degraded'),
    brightBlue: read('--series-1'),
    brightMagenta: read('--series-2'),
    brightCyan: read('--series-3'),
    brightWhite: read('--text'),
  };
}

export function readToken(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
