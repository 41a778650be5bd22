// The desktop window's bridge, as far as the console uses it. Absent in a browser; main/bridge.ts says what each member does.
import { type Breaker, type Environment, type Posture, sayVerdict, type Topology } from '../../app/contract/index.ts';

const VERSION = 1;

interface StateAlert {
  kind: 'breakerOpen' | 'serviceDown' | 'productionExposed';
  subject: string;
}

export interface DesktopReport {
  environment: string;
  name: string;
  mode: 'dev' | 'prod' | 'unknown';
  level: 'ok' | 'degraded' | 'down' | 'unknown';
  headline: string;
  cause: string;
  alerts: StateAlert[];
}

export interface DesktopBridge {
  readonly version: number;
  setAppearance(appearance: 'dark' | 'light' | 'auto'): Promise<void>;
  onGo(listener: (path: string) => void): () => void;
  reportState(report: DesktopReport): Promise<void>;
}

/** undefined in a browser, and in a window whose bridge is of another version than this page knows. */
export function findDesktopBridge(page: object = window): DesktopBridge | undefined {
  const bridge = (page as { gatehouseDesktop?: DesktopBridge }).gatehouseDesktop;
  return bridge?.version === VERSION ? bridge : undefined;
}

export interface ReportParts {
  environment: Environment;
  topology: Topology | null;
  breakers: readonly Breaker[] | null;
  posture: Posture | null;
}

/** What tray and notifications are told. Pure; what is not known yet raises no alert. */
export function toDesktopReport({ environment, topology, breakers, posture }: ReportParts): DesktopReport {
  const { id, name, mode, verdict } = environment;
  const down = (topology?.services ?? []).filter(({ level }) => level === 'down');
  const open = (breakers ?? []).filter(({ state }) => state === 'open');
  const exposed = mode === 'prod' ? (posture?.rules ?? []).filter(isExposure) : [];
  return {
    environment: id,
    name,
    mode,
    level: verdict.level,
    headline: verdict.impact,
    cause: sayVerdict(verdict),
    alerts: [
      ...down.map(({ name: subject }): StateAlert => ({ kind: 'serviceDown', subject })),
      // Of several replicas one open breaker is enough to say so.
      ...[...new Set(open.map(({ upstream }) => upstream))].map(
        (subject): StateAlert => ({ kind: 'breakerOpen', subject }),
      ),
      ...[...new Set(exposed.flatMap(failingSubjects))].map(
        (subject): StateAlert => ({ kind: 'productionExposed', subject }),
      ),
    ],
  };
}

type Rule = Posture['rules'][number];
const isExposure = ({ id, status }: Rule) => id.startsWith('exposure.') && status === 'fail';
const failingSubjects = ({ evidence }: Rule) =>
  evidence.filter(({ status }) => status === 'fail').flatMap(({ subjects }) => subjects);
