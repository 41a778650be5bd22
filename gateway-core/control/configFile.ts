// The file that a configuration comes from: read again when it changes, when somebody asks, and never half written.
import { readFileSync, stat } from 'node:fs';
import { loadConfig } from '../config/loadConfig.ts';
import type { Configs, KeptConfig } from './configs.ts';

/**
 * Asking is the one way that sees every change: a rename over the file, an editor's truncate and write, and the swapped
 * directory link of Kubernetes, none of which is the file that a watch was put on. It costs one stat a second.
 */
const LOOK_EVERY_MS = 1_000;
/** A file that still changes is not read yet. */
const SETTLED_AFTER_MS = 150;

type Origin = 'file' | 'signal' | 'api';

export interface ConfigFile {
  readonly path: string;
  /** Throws ConfigError or the reason why the file cannot be read; nothing has changed then, and it has been told. */
  reload(origin: Origin): KeptConfig;
  watch(): void;
  close(): void;
}

interface ConfigFileOptions {
  readonly path: string;
  readonly configs: Configs;
  /** The text that is in force; undefined: it came from elsewhere. */
  readonly seen?: string | undefined;
}

export function createConfigFile(options: ConfigFileOptions): ConfigFile {
  return new WatchedConfigFile(options);
}

class WatchedConfigFile implements ConfigFile {
  readonly path: string;
  private readonly configs: Configs;
  /** Refused texts too: a bad file is told once, not at each look. */
  private seen: string | undefined;
  private isMissing = false;
  /** Of the file as it was when it was last read. Nothing at first: it may have changed between its reading and the first look. */
  private readFingerprint = '';
  private lastFingerprint = '';
  private timer: NodeJS.Timeout | undefined;
  private isOpen = false;

  constructor({ path, configs, seen }: ConfigFileOptions) {
    this.path = path;
    this.configs = configs;
    this.seen = seen;
  }

  reload(origin: Origin): KeptConfig {
    const text = this.read(origin);
    this.seen = text;
    this.isMissing = false;
    return this.configs.offer(() => loadConfig(text, this.path), { origin });
  }

  private read(origin: Origin): string {
    try {
      return readFileSync(this.path, 'utf8');
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.configs.refuse(origin, [{ line: null, column: null, where: '', message }]);
      throw error;
    }
  }

  watch(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.look();
  }

  close(): void {
    this.isOpen = false;
    clearTimeout(this.timer);
  }

  private look(): void {
    stat(this.path, (error, stats) => {
      if (!this.isOpen) return;
      const fingerprint = error ? 'missing' : `${stats.mtimeMs}:${stats.size}:${stats.ino}:${stats.dev}`;
      const isChanged = fingerprint !== this.readFingerprint;
      const isSettled = fingerprint === this.lastFingerprint;
      this.lastFingerprint = fingerprint;
      if (isChanged && isSettled) {
        this.readFingerprint = fingerprint;
        this.takeOver();
      }
      this.timer = setTimeout(() => this.look(), isChanged && !isSettled ? SETTLED_AFTER_MS : LOOK_EVERY_MS).unref();
    });
  }

  private takeOver(): void {
    try {
      if (!this.isNews()) return;
      this.reload('file');
    } catch {
      // Told already: in log, metrics, events and by the admin API.
    }
  }

  /** A file that was only touched is none, and one that is gone is told once. */
  private isNews(): boolean {
    try {
      const isNews = readFileSync(this.path, 'utf8') !== this.seen;
      this.isMissing = false;
      return isNews;
    } catch {
      const isFirst = !this.isMissing;
      this.isMissing = true;
      return isFirst;
    }
  }
}
