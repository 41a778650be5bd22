// The platform's own workloads, all in one program: `main.ts <role>`, or `main.ts stand-in <product>`.
import { createProgram, type Program, type Running } from './kit/program.ts';
import type { Service } from './kit/routes.ts';
import { serve } from './kit/serve.ts';
import { startTracing, stopTracing } from './kit/tracing.ts';

type Role = (program: Program, argument: string | undefined) => Promise<Running>;

/** Each is loaded when it is the one: a process pays for no other's code and data. */
const ROLES: Readonly<Record<string, () => Promise<Role>>> = {
  backend: async () => serving((await import('./roles/backend.ts')).createBackend),
  'celery-worker': async () => (await import('./roles/celeryWorker.ts')).runCeleryWorker,
  'celery-beat': async () => (await import('./roles/celeryBeat.ts')).runCeleryBeat,
  recommender: async () => serving((await import('./roles/recommender.ts')).createRecommender),
  search: async () => serving((await import('./roles/search.ts')).createSearch),
  pricing: async () => serving((await import('./roles/pricing.ts')).createPricing),
  chatbot: async () => serving((await import('./roles/chatbot.ts')).createChatbot),
  fraud: async () => serving((await import('./roles/fraud.ts')).createFraud),
  forecasting: async () => serving((await import('./roles/forecasting.ts')).createForecasting),
  vision: async () => serving((await import('./roles/vision.ts')).createVision),
  'stores-exporter': async () => serving((await import('./roles/storesExporter.ts')).createStoresExporter),
  'identity-keys': async () => (await import('./roles/identityKeys.ts')).runIdentityKeys,
  'stand-in': async () => runNamedStandIn,
};

async function runNamedStandIn(program: Program, product: string | undefined): Promise<Running> {
  if (product === undefined) throw new Error('stand-in needs the name of a product, for example: stand-in postgres');
  const { runStandIn } = await import('./roles/standIn.ts');
  return runStandIn(product, program);
}

/** After SIGTERM, exchanges under way may take this long; then the process ends all the same. */
const DRAIN_MS = 800;

function serving(create: (program: Program) => Service | Promise<Service>): Role {
  return async (program) => serve(await create(program), program);
}

async function main([name, argument]: string[]): Promise<void> {
  const role = name !== undefined && Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) {
    process.stderr.write(
      `role ${JSON.stringify(name ?? '')} is not known; use one of ${Object.keys(ROLES).join(', ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const program = createProgram(name === 'stand-in' && argument !== undefined ? argument : (name ?? ''), process.env);
  const { environment, dial, log } = program;
  await startTracing({ service: name ?? '', endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT, dial, log });
  const running = await (await role())(program, argument);
  let ending = false;
  const end = (signal: string) => {
    if (ending) return;
    ending = true;
    program.log('info', `ending on ${signal}`);
    setTimeout(() => process.exit(0), DRAIN_MS).unref();
    void Promise.resolve(running.close()).finally(stopTracing);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
