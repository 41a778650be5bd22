// xterm as the console uses it: what comes from a container is untrusted, and steers nothing but its own screen.
import { FitAddon } from '@xterm/addon-fit';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { readToken, toTerminalTheme } from './terminalTheme.ts';

export interface Screen {
  readonly terminal: Terminal;
  /** To the size of its place. */
  fit(): void;
  /** To the scheme of the page. */
  recolour(): void;
  dispose(): void;
}

export interface ScreenOptions {
  place: HTMLElement;
  /** A link was pressed with the modifier; it is followed only after a yes to its address. */
  onLink: (url: string) => void;
  /** The key that leaves it: in a terminal Tab belongs to the program. */
  onLeave: () => void;
}

const scrollbackLines = 5000;
/**
 * Sequences that would reach out of the screen: titles and icons (0, 1, 2), the folder (7), the clipboard (52), and
 * notifications of several terminals (9, 777, 1337).
 */
const refusedSequences = [0, 1, 2, 7, 9, 52, 777, 1337];

export function createScreen({ place, onLink, onLeave }: ScreenOptions): Screen {
  const follow = (event: MouseEvent, url: string) => {
    if (event.ctrlKey || event.metaKey) onLink(url);
  };
  const terminal = new Terminal({
    fontFamily: readToken('--font-mono'),
    fontSize: 12,
    lineHeight: 1.25,
    scrollback: scrollbackLines,
    theme: toTerminalTheme(readToken),
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
    screenReaderMode: true,
    // Links that name one address and lead to another (OSC 8).
    linkHandler: { activate: follow },
  });
  for (const sequence of refusedSequences) terminal.parser.registerOscHandler(sequence, () => true);
  const fitting = new FitAddon();
  terminal.loadAddon(fitting);
  terminal.loadAddon(new WebLinksAddon(follow));
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.key !== 'F6') return true;
    if (event.type === 'keydown') onLeave();
    return false;
  });
  terminal.open(place);
  fitting.fit();
  return {
    terminal,
    fit: () => fitting.fit(),
    recolour() {
      terminal.options.theme = toTerminalTheme(readToken);
    },
    dispose: () => terminal.dispose(),
  };
}
