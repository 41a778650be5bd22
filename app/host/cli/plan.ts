// `gatehouse plan`: what `up` would do.
import type { Command } from 'commander';
import { planSchema } from '../../contract/index.ts';
import { showPlan } from './changeStack.ts';
import { addStackOptions, modeOption, type StackOptions } from './stackOptions.ts';
import { printSchema } from './terminal.ts';

interface PlanOptions extends StackOptions {
  readonly schema?: true;
}

export function registerPlan(program: Command): void {
  addStackOptions(
    program
      .command('plan')
      .description('what `up` would do, and why; changes nothing')
      .argument('[service...]', 'these services and what they depend on (default: all)')
      .addOption(modeOption()),
  )
    .option('--schema', 'print the JSON Schema of --json, and ask nobody')
    .addHelpText(
      'after',
      `
Each other command has --plan: \`gatehouse down --volumes --plan\` shows what down --volumes would do.

Examples:
  gatehouse plan                            the platform that Gatehouse ships
  gatehouse plan --stack ~/shop api         the service api of another project, and what it depends on
  gatehouse plan --mode prod --json         for a script or a pull request

Exits with 1 when something stands in the way of the plan; each such line says what to do about it.`,
    )
    .action(runPlan);
}

async function runPlan(services: string[], { schema, ...options }: PlanOptions): Promise<void> {
  if (schema) {
    printSchema(planSchema);
    return;
  }
  await showPlan({ verb: 'up', services }, { ...options, yes: 0 });
}
