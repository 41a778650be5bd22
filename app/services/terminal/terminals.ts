// The terminals of this host by their ids, which only those learn who opened them.
import { GatehouseError } from '../../contract/index.ts';
import { openTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

export interface Terminals {
  /** Rejects with `terminal-failed` when too many are open, or what the engine says. */
  open(options: TerminalOptions): Promise<Terminal>;
  /** Throws `terminal-failed` when it is not open. */
  get(id: string): Terminal;
  forget(terminal: Terminal): void;
  close(): void;
}

/** Each is a process in a container, and half a megabyte here. */
const limit = 16;

export function createTerminals(): Terminals {
  const open = new Map<string, Terminal>();
  return {
    async open(options) {
      if (open.size >= limit) {
        throw new GatehouseError({
          code: 'terminal-failed',
          message: `${limit} terminals are open, which is the most.`,
          remedy: 'Close one that is not needed.',
        });
      }
      const terminal = await openTerminal(options);
      open.set(terminal.id, terminal);
      return terminal;
    },
    get(id) {
      const terminal = open.get(id);
      if (terminal) return terminal;
      throw new GatehouseError({
        code: 'terminal-failed',
        message: 'This terminal is not open any more.',
        remedy: 'Open another one.',
      });
    },
    forget: ({ id }) => void open.delete(id),
    close() {
      for (const terminal of open.values()) terminal.close('the console has ended');
      open.clear();
    },
  };
}
