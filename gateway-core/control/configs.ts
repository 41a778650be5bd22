// Which configuration is in force, which were before, and which was refused last. Every way to change it leads through here.
import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { ConfigError, type ConfigProblem } from '../config/configError.ts';
import { findSource } from '../config/configSource.ts';
import type { GatewayConfig } from '../config/document.ts';
import type { ConfigOrigin, GatewayEvents } from '../events/gatewayEvents.ts';
import type { Log } from '../server/log.ts';
import { diffConfigs, toLines } from './diffConfigs.ts';

/** One that was or is in force. */
export interface KeptConfig {
  /** Counts up from 1; never used twice in one process. */
  readonly id: number;
  /** Epoch ms at which it came into force. */
  readonly at: number;
  readonly origin: ConfigOrigin;
  /** Why, in the words of whoever put it in force. */
  readonly note: string | null;
  readonly config: GatewayConfig;
  /** Against the one before; one line each. */
  readonly changes: readonly string[];
  /** The same for the same text, in every replica; what If-Match is compared with. */
  readonly tag: string;
}

export interface ConfigRefusal {
  readonly at: number;
  readonly origin: ConfigOrigin;
  readonly problems: readonly ConfigProblem[];
}

interface OfferOptions {
  readonly origin: ConfigOrigin;
  readonly note?: string | null;
}

export interface Configs {
  readonly current: KeptConfig;
  /** Newest first, the one in force among them. */
  readonly history: readonly KeptConfig[];
  readonly applied: number;
  readonly refused: number;
  /** null when the last one that was offered is in force. */
  readonly lastRefusal: ConfigRefusal | null;
  /** Puts one in force, or throws, having changed nothing and told everybody, what reading or building it throws. */
  offer(read: () => GatewayConfig, options: OfferOptions): KeptConfig;
  /** Throws what offer would throw before it changes anything. */
  check(config: GatewayConfig): void;
  /** A source that could not even be read; nothing changes, and it is told like a bad one. */
  refuse(origin: ConfigOrigin, problems: readonly ConfigProblem[]): void;
}

const KEPT = 20;
/** Of one change, in events and history. */
const LINES = 50;

interface ConfigsOptions {
  readonly first: GatewayConfig;
  readonly clock: Clock;
  readonly events: GatewayEvents;
  readonly log: Log;
  /** Builds everything, then swaps. Throws before anything has changed. */
  readonly put: (config: GatewayConfig) => void;
  /** Builds everything and throws it away again. */
  readonly check: (config: GatewayConfig) => void;
}

export function createConfigs({ first, clock, events, log, put, check }: ConfigsOptions): Configs {
  const initial: KeptConfig = {
    id: 1,
    at: clock.now(),
    origin: 'start',
    note: null,
    config: first,
    changes: [],
    tag: toTag(first),
  };
  const history: KeptConfig[] = [initial];
  let current = initial;
  let applied = 0;
  let refused = 0;
  let lastRefusal: ConfigRefusal | null = null;

  function refuse(origin: ConfigOrigin, problems: readonly ConfigProblem[]): void {
    refused += 1;
    lastRefusal = { at: clock.now(), origin, problems };
    const { revision } = current.config;
    const lines = problems
      .slice(0, LINES)
      .map(({ line, where, message }) =>
        [line === null ? '' : `line ${line}: `, where && `${where}: `, message].join(''),
      );
    log.error('configuration refused, the one before stays in force', { origin, revision, problems: lines });
    events.emit({ type: 'config', origin, outcome: 'refused', revision, lines });
  }

  function attempt(read: () => GatewayConfig, origin: ConfigOrigin): GatewayConfig {
    try {
      const config = read();
      put(config);
      return config;
    } catch (error) {
      refuse(origin, toProblems(error));
      throw error;
    }
  }

  function offer(read: () => GatewayConfig, { origin, note = null }: OfferOptions): KeptConfig {
    const config = attempt(read, origin);
    const diff = diffConfigs(current.config, config);
    const changes = toLines(diff).slice(0, LINES);
    const tag = toTag(config);
    // A file that is read again to no effect must not push the history out; what it names was built anew all the same.
    const isNews = tag !== current.tag || origin === 'api' || origin === 'rollback';
    const at = clock.now();
    if (isNews) history.unshift({ id: current.id + 1, at, origin, note, config, changes, tag });
    else history[0] = { ...current, at, origin, config };
    history.length = Math.min(history.length, KEPT);
    current = history[0] ?? current;
    applied += 1;
    lastRefusal = null;
    const { revision } = config;
    log.info('configuration replaced', { origin, revision, routes: config.routes.length, changes });
    if (diff.needsRestart.length > 0)
      log.warn('some settings take effect at the next start', { settings: diff.needsRestart });
    events.emit({ type: 'config', origin, outcome: 'applied', revision, lines: changes });
    return current;
  }

  return {
    get current() {
      return current;
    },
    get history() {
      return history;
    },
    get applied() {
      return applied;
    },
    get refused() {
      return refused;
    },
    get lastRefusal() {
      return lastRefusal;
    },
    offer,
    check,
    refuse,
  };
}

export function toProblems(error: unknown): readonly ConfigProblem[] {
  if (error instanceof ConfigError) return error.problems;
  return [{ line: null, column: null, where: '', message: error instanceof Error ? error.message : String(error) }];
}

/** Of the text where there is one: a comment that was changed meanwhile is lost by an overwrite too. */
function toTag(config: GatewayConfig): string {
  const text = findSource(config)?.text ?? config.revision;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
