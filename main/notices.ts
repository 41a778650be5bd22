// Which notifications follow from what pages report. Pure: reports, settings and the time in, a notification out.
import type { Alert, AlertKind, StateReport } from './stateReport.ts';

export interface NoticeSettings {
  readonly notifications: boolean;
  /** Epoch ms; asked for on demand, "quiet for an hour". */
  readonly quietUntil: number;
  /** Minutes of the local day; over midnight where `from` is later than `to`. */
  readonly quietHours: { readonly from: number; readonly to: number } | undefined;
}

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** What a click opens. */
  readonly path: string;
}

/** What was reported by environment, and what is waiting to be said together. */
export interface NoticeState {
  readonly known: ReadonlyMap<string, ReadonlySet<string>>;
  readonly waiting: ReadonlyMap<string, { readonly report: StateReport; readonly alerts: readonly Alert[] }>;
  /** When something was last said about an alert, so that what flaps is not said again and again. */
  readonly saidAt: ReadonlyMap<string, number>;
}

export const NO_NOTICES: NoticeState = { known: new Map(), waiting: new Map(), saidAt: new Map() };

/** What fails together is said together: a network that goes takes ten services within this time. */
export const GROUP_MS = 3000;
const AGAIN_AFTER_MS = 5 * 60_000;
/** Environments and alerts that are remembered; the oldest go first. */
const MAX_REMEMBERED = 500;
const MAX_NAMED = 4;

const VIEW_OF: Readonly<Record<AlertKind, string>> = {
  productionExposed: 'posture',
  serviceDown: 'services',
  breakerOpen: 'breakers',
};
const WORDS: Readonly<Record<AlertKind, string>> = {
  productionExposed: 'is exposed in production',
  serviceDown: 'is down',
  breakerOpen: 'has an open breaker',
};

const keyOf = ({ kind, subject }: Alert) => `${kind} ${subject}`;

/** The first report of an environment only says how it is: what was so before is no news. */
export function takeReport(state: NoticeState, report: StateReport, now: number): NoticeState {
  const { environment, alerts } = report;
  const before = state.known.get(environment);
  const known = bounded(state.known, environment, new Set(alerts.map(keyOf)));
  if (before === undefined) return { ...state, known };
  const fresh = alerts.filter((alert) => {
    const saidAt = state.saidAt.get(`${environment} ${keyOf(alert)}`);
    return !before.has(keyOf(alert)) && (saidAt === undefined || now - saidAt >= AGAIN_AFTER_MS);
  });
  // What has mended itself meanwhile needs nobody.
  const stillWrong = (state.waiting.get(environment)?.alerts ?? []).filter((alert) =>
    alerts.some((one) => keyOf(one) === keyOf(alert)),
  );
  const gathered = [...stillWrong, ...fresh.filter((alert) => !stillWrong.some((one) => keyOf(one) === keyOf(alert)))];
  const waiting = new Map(state.waiting);
  if (gathered.length === 0) waiting.delete(environment);
  else waiting.set(environment, { report, alerts: gathered });
  return { ...state, known, waiting };
}

/** After GROUP_MS: what has gathered, one notification an environment; none while it is quiet. */
export function sayWhatWaits(
  state: NoticeState,
  settings: NoticeSettings,
  now: Date,
): { readonly state: NoticeState; readonly notices: readonly Notice[] } {
  let { saidAt } = state;
  const notices: Notice[] = [];
  const isSilent = isQuiet(settings, now);
  for (const { report, alerts } of state.waiting.values()) {
    // What came while it was quiet is not said later: by then the tray and the console say how it is.
    if (isSilent) continue;
    for (const alert of alerts) saidAt = bounded(saidAt, `${report.environment} ${keyOf(alert)}`, now.getTime());
    notices.push(toNotice(report, alerts));
  }
  return { state: { ...state, saidAt, waiting: new Map() }, notices };
}

export function isQuiet({ notifications, quietUntil, quietHours }: NoticeSettings, now: Date): boolean {
  if (!notifications || now.getTime() < quietUntil) return true;
  if (quietHours === undefined) return false;
  const minute = now.getHours() * 60 + now.getMinutes();
  const { from, to } = quietHours;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

function toNotice({ environment, name }: StateReport, alerts: readonly Alert[]): Notice {
  // By weight: who can do one thing only begins with what is open to everybody.
  const kinds = (Object.keys(VIEW_OF) as AlertKind[]).filter((kind) => alerts.some((alert) => alert.kind === kind));
  const path = `/env/${environment}/${VIEW_OF[kinds[0] ?? 'serviceDown']}`;
  const [only] = alerts;
  if (alerts.length === 1 && only) return { title: `${name}: ${only.subject} ${WORDS[only.kind]}`, body: '', path };
  const lines = kinds.map((kind) => {
    const subjects = alerts.filter((alert) => alert.kind === kind).map(({ subject }) => subject);
    const more = subjects.length - MAX_NAMED;
    return `${WORDS[kind]}: ${subjects.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  });
  return { title: `${name}: ${alerts.length} things need a look`, body: lines.join('\n'), path };
}

function bounded<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> {
  const next = new Map(map);
  next.delete(key);
  next.set(key, value);
  for (const oldest of next.keys()) {
    if (next.size <= MAX_REMEMBERED) break;
    next.delete(oldest);
  }
  return next;
}
