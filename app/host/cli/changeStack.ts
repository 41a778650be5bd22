// What up, down, restart, scale and switch share: plan, show, ask, carry out, and say what came of it.
import type { ApplyResult, KeptPlan, PlanRequest, StackFiles } from '../../contract/index.ts';
import { carryOut, type Interruption } from './carryOut.ts';
import { findTerminal, obtainConsent, toConfirmation, toQuestions } from './consent.ts';
import { CommandError, EXIT, type ExitCode } from './exitCodes.ts';
import { countRequests, onEndSignals } from './signals.ts';
import type { ChangeOptions } from './stackOptions.ts';
import { inStack, type StackSession } from './stackSession.ts';
import { print, printJson, remark, toPlainText } from './terminal.ts';

export type Change = Omit<PlanRequest, keyof StackFiles>;

export async function changeStack(change: Change, options: ChangeOptions): Promise<void> {
  if (options.plan) return showPlan(change, options);
  const interruption: Interruption = { cancel: undefined, isCancelled: false };
  const stopListening = onEndSignals(countRequests((count) => interrupt(interruption, count)));
  try {
    await inStack(options, async (session) => {
      const kept = await askForPlan(session, change, options);
      // The plan names the project; the same project may be in several places.
      remark(toPlainText(`${session.files.environment}, by the files of ${session.files.folder}`));
      remark(toSafeLines(kept.text));
      const result = await carryOutWhenAllowed(session, kept, { options, interruption });
      if (options.json) printJson(result);
      else printResult(result, kept);
      process.exitCode = toExitCode(result, interruption.isCancelled);
    });
  } finally {
    stopListening();
  }
}

/** The plan as an answer: nothing is asked for, nothing is done. */
export async function showPlan(change: Change, options: ChangeOptions): Promise<void> {
  const show = async (session: StackSession) => {
    const { plan, text } = await requestPlan(session, change);
    if (options.json) printJson(plan);
    else print(toSafeLines(text));
    if (plan.blockers.length > 0) process.exitCode = EXIT.fault;
  };
  await inStack(options, show, { onlyLooks: true });
}

/** Names and messages in it are of others. */
function toSafeLines(text: string): string {
  return text.trimEnd().split('\n').map(toPlainText).join('\n');
}

function requestPlan({ api, files, project }: StackSession, { services = [], ...change }: Change): Promise<KeptPlan> {
  // Planning changes nothing: the name is typed for the plan, so that it shows what would be lost. The services want it
  // once more when the plan is carried out, and that one is asked for.
  const isOfData = change.removeVolumes === true || change.carryData === true;
  return api.stack.plan.mutate({
    ...files,
    ...change,
    // None named is all.
    ...(services.length > 0 ? { services } : {}),
    ...(isOfData ? { typed: project } : {}),
  });
}

/** Unlocked only where it is locked: another unlock, perhaps a longer one, is left as it is. */
async function askForPlan(session: StackSession, change: Change, { unlock }: ChangeOptions): Promise<KeptPlan> {
  const kept = await requestPlan(session, change);
  if (unlock === undefined || kept.guard !== 'locked') return kept;
  await unlockFor(session, unlock);
  return requestPlan(session, change);
}

/** The shortest time there is: it is for one operation, which is looked at when it begins. */
async function unlockFor({ api, files: { environment } }: StackSession, reason: string): Promise<void> {
  await api.environment.unlock.mutate({ environment, reason, minutes: 1 });
}

/** Less than a minute: the unlock must still hold when the operation begins. */
const UNLOCK_IS_OLD_MS = 30_000;

interface Asking {
  readonly options: ChangeOptions;
  readonly interruption: Interruption;
}

async function carryOutWhenAllowed(
  session: StackSession,
  kept: KeptPlan,
  { options, interruption }: Asking,
): Promise<ApplyResult> {
  const { plan } = kept;
  refuse(kept);
  // Where nothing is to do, there is nothing to ask, and no guard to pass.
  if (plan.steps.length === 0) return nothingToDo(plan.at);
  const askedAt = Date.now();
  await obtainConsent(toQuestions(kept, options), plan.project, findTerminal());
  if (options.unlock !== undefined && Date.now() - askedAt > UNLOCK_IS_OLD_MS) await unlockFor(session, options.unlock);
  return carryOut(session, kept, { interruption, ...toConfirmation(kept) });
}

/** Before anything is asked: what cannot be done, or may not. */
function refuse({ plan, guard, guardReason }: KeptPlan): void {
  const { blockers, project, steps } = plan;
  if (blockers.length > 0) {
    const what = blockers.length === 1 ? 'what blocks it' : `the ${blockers.length} things that block it`;
    throw new CommandError(EXIT.fault, `nothing was done to ${project}: see above ${what}, each with its remedy`);
  }
  if (steps.length === 0 || guard === 'open' || guard === 'confirm') return;
  const remedy = guard === 'locked' ? ' On the command line: --unlock REASON.' : '';
  throw new CommandError(EXIT.fault, `nothing was done to ${project}. ${guardReason}${remedy}`);
}

function nothingToDo(at: number): ApplyResult {
  return { outcome: 'applied', steps: [], problems: [], remarks: [], startedAt: at, endedAt: at };
}

function interrupt(interruption: Interruption, count: number): void {
  const { cancel } = interruption;
  if (!cancel) {
    remark('gatehouse: nothing was done');
    process.exit(EXIT.interrupted);
  }
  if (count > 1 && interruption.isCancelled) {
    remark(`gatehouse: ${cancel.abandoned}`);
    process.exit(EXIT.interrupted);
  }
  interruption.isCancelled = true;
  remark('gatehouse: cancelled; what has begun is brought to an end (Ctrl-C again ends at once)');
  cancel.request();
}

function toExitCode({ outcome }: ApplyResult, isCancelled: boolean): ExitCode {
  if (outcome === 'applied') return EXIT.fine;
  return outcome === 'cancelled' && isCancelled ? EXIT.interrupted : EXIT.fault;
}

function printResult(result: ApplyResult, { plan }: KeptPlan): void {
  const { outcome, steps, problems, remarks } = result;
  for (const { message, remedy } of remarks) remark(toSafeLines(`! ${message}\n    ${remedy}`));
  for (const { message, remedy } of problems) remark(toSafeLines(`x ${message}\n    ${remedy}`));
  print(
    toPlainText(`${plan.project}: ${plan.verb}: ${plan.steps.length === 0 ? 'nothing to do' : sayOutcome(result)}`),
  );
  for (const { step, state, detail } of steps) {
    if (state !== 'done') print(toPlainText(`  ${state === 'failed' ? 'x' : '-'} ${step}: ${detail || state}`));
  }
  if (outcome !== 'applied') {
    print(`What was done stays; \`gatehouse ${plan.verb}\` plans the rest.`);
  }
}

/** `cancelled, 2 done, 1 not begun, 4.2 s`. */
function sayOutcome({ outcome, steps, startedAt, endedAt }: ApplyResult): string {
  const count = (state: string) => steps.filter((step) => step.state === state).length;
  const counts = (['done', 'failed', 'skipped'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state === 'skipped' ? 'not done' : state}`);
  return [outcome, ...counts, `${((endedAt - startedAt) / 1000).toFixed(1)} s`].join(', ');
}
