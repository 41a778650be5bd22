// What a page tells of the environment that it shows, for tray and notifications. Pure; a compromised page may send anything.

export type Level = 'ok' | 'degraded' | 'down' | 'unknown';
export type AlertKind = 'breakerOpen' | 'serviceDown' | 'productionExposed';

/** Something that is wrong now, for as long as it is. */
export interface Alert {
  readonly kind: AlertKind;
  /** The service, the upstream, or what is exposed: a stranger's text, made plain. */
  readonly subject: string;
}

export interface StateReport {
  /** `engine~project`. */
  readonly environment: string;
  readonly name: string;
  readonly mode: 'dev' | 'prod' | 'unknown';
  readonly level: Level;
  readonly headline: string;
  /** The first cause, in a sentence; empty where there is none. */
  readonly cause: string;
  readonly alerts: readonly Alert[];
}

const LEVELS: readonly unknown[] = ['ok', 'degraded', 'down', 'unknown'] satisfies Level[];
const KINDS: readonly unknown[] = ['breakerOpen', 'serviceDown', 'productionExposed'] satisfies AlertKind[];
const MODES: readonly unknown[] = ['dev', 'prod', 'unknown'] satisfies StateReport['mode'][];
const ENVIRONMENT = /^[a-z0-9_-]{1,64}~[a-z0-9][a-z0-9_-]{0,127}$/;
/** A platform has tens of services; what a page says beyond that is not looked at. */
const MAX_ALERTS = 500;
const MAX_TEXT = 200;

/** Throws, with what was wrong, when the input is not one report. */
export function parseStateReport(input: readonly unknown[]): StateReport {
  const [value] = input;
  if (input.length !== 1 || typeof value !== 'object' || value === null) throw refuse('one object');
  const { environment, name, mode, level, headline, cause, alerts } = value as Record<string, unknown>;
  if (typeof environment !== 'string' || !ENVIRONMENT.test(environment)) throw refuse('an environment engine~project');
  if (!MODES.includes(mode) || !LEVELS.includes(level)) throw refuse('a mode and a level of the contract');
  if (!Array.isArray(alerts) || alerts.length > MAX_ALERTS) throw refuse(`at most ${MAX_ALERTS} alerts`);
  return {
    environment,
    name: toPlain(name),
    mode: mode as StateReport['mode'],
    level: level as Level,
    headline: toPlain(headline),
    cause: toPlain(cause),
    alerts: alerts.map(parseAlert),
  };
}

function parseAlert(value: unknown): Alert {
  const { kind, subject } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (!KINDS.includes(kind)) throw refuse('alerts of the kinds that there are');
  return { kind: kind as AlertKind, subject: toPlain(subject) };
}

/** One line for a menu or a notification: some notification servers read markup, some menus read `&` as a key. */
export function toPlain(value: unknown): string {
  if (typeof value !== 'string') throw refuse('texts');
  return value
    .slice(0, MAX_TEXT)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[<>&]/g, ' ')
    .trim();
}

const refuse = (what: string) => new Error(`reportState takes ${what}`);
