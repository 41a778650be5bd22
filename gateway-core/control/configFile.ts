// The file that a configuration comes from: read again when it changes, when somebody asks, and never half written.
import { readFileSync, type StatsListener, stat, unwatchFile, watchFile } from 'node:fs';
import type { Configs, KeptConfig } from './configs.ts';

/**
 * Asking is the one way that sees every change: a rename over the file, an editor's truncate and write, and the swapped
 * directory link of Kubernetes, none of which is the file that a watch was put on. It costs one stat a second.
 */
const LOOK_EVERY_MS = 1_000;
/** A file that still grows is not read yet. */
const SETTLED_AFTER_MS = 150;

export interface ConfigFile {
  readonly path: string;
  /** Throws ConfigError or the reason why the file cannot be read; nothing has changed then, and it has been told. */
  reload(origin: 'file' | 'signal' | 'api'): KeptConfig;
  watch(): void;
  close(): void;
}

interface ConfigFileOptions {
  readonly path: string;
  readonly configs: Configs;
  /** What the file held when the gateway was made. */
  readonly seen?: string | undefined;
}

export function createConfigFile({ path, configs, seen: first }: ConfigFileOptions): ConfigFile {
  /** Refused texts too: a bad file is told once, not at each look. */
  let seen = first;
  let settling: NodeJS.Timeout | undefined;
  let fingerprint = '';

  function read(origin: 'file' | 'signal' | 'api'): string {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      configs.refuse(origin, [{ line: null, column: null, where: '', message }]);
      throw error;
    }
  }

  function reload(origin: 'file' | 'signal' | 'api'): KeptConfig {
    const text = read(origin);
    seen = text;
    return configs.offerText(text, { origin, fileName: path });
  }

  const onChange: StatsListener = () => {
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLED_AFTER_MS);
  };

  function settle(): void {
    stat(path, (error, stats) => {
      if (settling === undefined) return;
      const now = error ? 'absent' : `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
      if (now !== fingerprint) {
        fingerprint = now;
        settling = setTimeout(settle, SETTLED_AFTER_MS);
        return;
      }
      try {
        if (readFileSync(path, 'utf8') === seen) return;
      } catch {
        // Told by the reload, which fails the same way.
      }
      try {
        reload('file');
      } catch {
        // Told by the reload already: in log, metrics, events and the admin API.
      }
    });
  }

  return {
    path,
    reload,
    watch: () => void watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, onChange),
    close() {
      clearTimeout(settling);
      settling = undefined;
      unwatchFile(path, onChange);
    },
  };
}
