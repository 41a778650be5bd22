// Asks the stack from outside every 10 s, as long as its environment is open; what it sees is a value that others follow.
import type { Level, OutsideView } from '../../contract/index.ts';
import { type EngineAddress, isRemote } from '../docker/address.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine } from '../docker/engine.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import { type Asked, askOnce } from '../posture/probes/httpProbe.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { createWake } from '../stream/wait.ts';
import { findAuthorityFiles, publicAuthorities, readAuthority } from './authorities.ts';
import { judgeProbe, type OutsideProbe, placeOf, toLevel, toShownProbe } from './judgeOutside.ts';
import { type FoundOutside, findOutsideTarget } from './outsideTarget.ts';

export interface OutsideWatch {
  readonly view: LiveValue<OutsideView>;
  close(): Promise<void>;
}

export interface OutsideWatchOptions {
  readonly stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  readonly openEngine: () => Engine;
  /** Throws a problem when there is no address now. */
  readonly findAddress: () => EngineAddress;
  readonly findDeclared: () => LoadedProject | null;
  /** A level that was known has become another one. */
  readonly onTransition: (level: Level, sentence: string) => void;
  readonly now: () => number;
  readonly everyMs?: number;
}

const usualEveryMs = 10_000;
const courseMs = 15 * 60_000;
/** Names who asks in the edge's log. */
const agentName = 'gatehouse-outside-probe';

const nobodyAsked = (stepMs: number): OutsideView => ({
  state: 'waiting',
  at: null,
  level: 'unknown',
  sentence: 'Nobody has asked yet.',
  service: null,
  standInFor: null,
  target: null,
  status: null,
  timing: null,
  protocol: null,
  certificate: null,
  redirect: null,
  course: [],
  stepMs,
});

export function createOutsideWatch(options: OutsideWatchOptions): OutsideWatch {
  const { stack, now, everyMs = usualEveryMs } = options;
  const view = createLiveValue<OutsideView>(nobodyAsked(everyMs), isSameJson);
  const ending = new AbortController();
  const wake = createWake();
  const findAuthority = createAuthorityFinder(options);
  let levels: Level[] = [];
  let course: OutsideView['course'] = [];
  let asked = '';

  const take = (probe: OutsideProbe) => {
    const { level } = judgeProbe(probe);
    const before = toLevel(levels);
    levels = [...levels.slice(-1), level];
    const isAnswered = probe.asked.answer.state === 'answered';
    course = [...course, { at: probe.at, ms: isAnswered ? probe.asked.timing.totalMs : null }].filter(
      ({ at }) => at > probe.at - courseMs,
    );
    const after = toLevel(levels);
    const shown = toShownProbe(probe);
    view.set({ ...shown, level: after, course, stepMs: everyMs });
    if (after !== before && !(before === 'unknown' && after === 'ok')) options.onTransition(after, shown.sentence);
  };
  const look = async () => {
    const found = findTarget(options);
    if (found.kind === 'none') {
      levels = [];
      const state = stack.observed.current ? 'none' : 'waiting';
      view.set({ ...nobodyAsked(everyMs), state, sentence: `Not asked from outside: ${found.why}.`, course });
      return;
    }
    // Another port or another container is another thing that is looked at.
    const key = JSON.stringify([found.target.https, found.target.http, found.target.path]);
    if (key !== asked) levels = [];
    asked = key;
    const probe = await probeOutside(found.target, {
      now,
      isElsewhere: isRemote(found.address),
      findAuthority,
      signal: ending.signal,
    });
    if (!ending.signal.aborted) take(probe);
  };
  const run = async () => {
    while (!ending.signal.aborted) {
      await look().catch(() => {});
      await wake.next(ending.signal, everyMs);
    }
  };
  // The first observation, and a port that is published anew, are looked at without a wait.
  const stop = stack.observed.onChange(() => {
    const found = findTarget(options);
    const { target } = view.current;
    if ((found.kind === 'found') !== (target !== null)) wake.notify();
  });
  // It outlives the call that happens to begin it.
  const running = withoutRecording(run);
  return {
    view,
    async close() {
      stop();
      ending.abort();
      await running;
    },
  };
}

type Found = { kind: 'found'; target: FoundOutside; address: EngineAddress } | { kind: 'none'; why: string };

function findTarget({ stack, findAddress, findDeclared }: OutsideWatchOptions): Found {
  const observed = stack.observed.current;
  if (!observed) return { kind: 'none', why: 'the engine has not said yet what runs' };
  try {
    const address = findAddress();
    const target = findOutsideTarget({ observed, declared: findDeclared()?.project ?? null, address });
    return target.kind === 'none' ? target : { kind: 'found', target, address };
  } catch {
    return { kind: 'none', why: 'where the engine is cannot be said now' };
  }
}

interface ProbeOptions {
  readonly now: () => number;
  readonly isElsewhere: boolean;
  readonly findAuthority: ReturnType<typeof createAuthorityFinder>;
  readonly signal: AbortSignal;
}

/** Two requests at most, and a third where only the stack's own authority can vouch. Never rejects. */
async function probeOutside(
  target: FoundOutside,
  { now, isElsewhere, findAuthority, signal }: ProbeOptions,
): Promise<OutsideProbe> {
  const { https, http, path } = target;
  const question = { path, agentName, ...(target.host === null ? {} : { host: target.host }) };
  const ask = (authorities = publicAuthorities()) =>
    askOnce({ ...question, place: placeOf(target), isSecure: https !== null, authorities }, signal);
  const [asked, plain] = await Promise.all([
    ask(),
    https && http ? askOnce({ ...question, place: http, isSecure: false }, signal) : null,
  ]);
  const authority = needsLocal(asked) && !isElsewhere ? await findAuthority(target) : undefined;
  const local = authority ? (await ask(authority)).certificate : null;
  return {
    at: now(),
    target,
    asked,
    plain,
    localProblem: authority === undefined ? undefined : local ? local.chainProblem : 'it was not shown again',
    isRemote: isElsewhere,
  };
}

const needsLocal = ({ certificate }: Asked) => certificate !== null && certificate.chainProblem !== null;

/** Looked for once a container: its mounts do not change while it lives. */
function createAuthorityFinder({ openEngine, findDeclared }: OutsideWatchOptions) {
  let kept: { container: string; authority: Awaited<ReturnType<typeof readAuthority>> } | undefined;
  return async ({ container, authorityFile }: FoundOutside) => {
    if (kept?.container === container) return kept.authority;
    const engine = openEngine();
    try {
      const inspected = await engine.inspect(container);
      const folder = findDeclared()?.folder ?? null;
      const files = inspected ? findAuthorityFiles(inspected, authorityFile, folder) : [];
      kept = { container, authority: await readAuthority(files) };
      return kept.authority;
    } catch {
      return undefined;
    } finally {
      engine.close();
    }
  };
}
