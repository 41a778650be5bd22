#!/usr/bin/env node
// The command line. Each command is a file of cli/, registered in one line; what is heavy is imported when a command runs.
import { Command, CommanderError } from 'commander';
import { registerBreakers } from './cli/breakers.ts';
import { registerCode } from './cli/code.ts';
import { registerConfig } from './cli/config.ts';
import { registerDesktop } from './cli/desktop.ts';
import { registerDown } from './cli/down.ts';
import { registerDrift } from './cli/drift.ts';
import { CommandError, EXIT } from './cli/exitCodes.ts';
import { registerExplain } from './cli/explain.ts';
import { registerGateway } from './cli/gateway.ts';
import { registerMetrics } from './cli/metrics.ts';
import { registerPlan } from './cli/plan.ts';
import { registerPosture } from './cli/posture.ts';
import { registerPs } from './cli/ps.ts';
import { registerRestart } from './cli/restart.ts';
import { registerRoutes } from './cli/routes.ts';
import { registerSandbox } from './cli/sandbox.ts';
import { registerScale } from './cli/scale.ts';
import { registerServe } from './cli/serve.ts';
import { registerStatus } from './cli/status.ts';
import { registerSwitch } from './cli/switch.ts';
import { registerTap } from './cli/tap.ts';
import { remark, toPlainText } from './cli/terminal.ts';
import { registerTrace } from './cli/trace.ts';
import { registerUp } from './cli/up.ts';
import { readVersion } from './programs.ts';

const HELP = `
Examples:
  gatehouse serve                                    the console at http://127.0.0.1:7788
  gatehouse serve --port 0 --no-open                 any free port, print the address only
  gatehouse code                                     a new address with a one-time code, for a locked window
  gatehouse status                                   is it well? for a prompt or a script
  gatehouse up                                       shows what it would do to the stack, asks, carries it out
  gatehouse switch prod --plan                       what the other mode would change: ports, volumes, secrets
  gatehouse config --mode prod                       the compose files as one project, or what is wrong and where
  gatehouse posture --mode prod --json               is production closed? for CI: ends with 1 where it is not
  gatehouse explain GET /api/ai/search/query/        where a request would go, stage by stage
  gatehouse tap status:5xx 'ms>500'                  failing and slow requests, live
  gatehouse metrics 'up == 0'                        a query in PromQL, for the stack's Prometheus
  gatehouse trace --error --since 15m                traces in which something failed; with an id, its waterfall
  gatehouse gateway --config gateway.yaml --check    is this configuration right?

Exit codes:
  0    fine
  1    what was asked found a fault
  2    wrong use
  3    the host, the engine or the gateway cannot be reached
  130  Ctrl-C ended a change of the stack: what had begun was brought to an end

Environment:
  GATEHOUSE_READONLY=1      like --read-only
  GATEHOUSE_RUNTIME_DIR     where running hosts are found (default: XDG_RUNTIME_DIR/gatehouse or ~/.gatehouse/run)
  GATEHOUSE_STATE_DIR       where the audit log and the history are kept (default: XDG_STATE_HOME/gatehouse or
                            ~/.local/state/gatehouse)
  NO_COLOR                  no colours`;

function createProgram(): Command {
  const program = new Command('gatehouse')
    .description('Ops console for a platform that stands behind one API gateway and runs as a compose stack.')
    .version(readVersion())
    .addHelpText('after', HELP)
    .showHelpAfterError('(`gatehouse --help` lists the commands)')
    // Set before the commands are added: they take it over.
    .exitOverride();
  registerServe(program);
  registerDesktop(program);
  registerCode(program);
  registerStatus(program);
  registerPlan(program);
  registerUp(program);
  registerDown(program);
  registerRestart(program);
  registerScale(program);
  registerSwitch(program);
  registerPs(program);
  registerDrift(program);
  registerConfig(program);
  registerPosture(program);
  registerRoutes(program);
  registerExplain(program);
  registerBreakers(program);
  registerTap(program);
  registerMetrics(program);
  registerTrace(program);
  registerGateway(program);
  registerSandbox(program);
  return program;
}

function reportFailure(error: unknown): void {
  if (error instanceof CommanderError) {
    // Its message is out already. Help and version end with 0, everything else is wrong use.
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.wrongUse;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  remark(`gatehouse: ${message.split('\n').map(toPlainText).join('\n')}`);
  process.exitCode = error instanceof CommandError ? error.exitCode : EXIT.fault;
}

// A pager or `head` that goes away is not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? EXIT.fine) : EXIT.fault);
});
// A terminal that was closed, or a reader of the progress that went away, must not stop what the progress is about.
process.stderr.on('error', () => {});
// Not awaited here: in the bundle, lazily imported chunks import this file, and would wait for it for ever.
createProgram().parseAsync().catch(reportFailure);
