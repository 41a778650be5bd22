// The platform's own workloads, all in one program: `main.ts <role>`, or `main.ts stand-in <product>`.
import { createProgram, type Program, type Running } from './kit/program.ts';
import type { Service } from './kit/routes.ts';
import { serve } from './kit/serve.ts';
import { startTracing, stopTracing } from './kit/tracing.ts';
import { createBackend } from './roles/backend.ts';
import { runCeleryBeat } from './roles/celeryBeat.ts';
import { runCeleryWorker } from './roles/celeryWorker.ts';
import { createChatbot } from './roles/chatbot.ts';
import { createForecasting } from './roles/forecasting.ts';
import { createFraud } from './roles/fraud.ts';
import { runIdentityKeys } from './roles/identityKeys.ts';
import { createPricing } from './roles/pricing.ts';
import { createRecommender } from './roles/recommender.ts';
import { createSearch } from './roles/search.ts';
import { runStandIn } from './roles/standIn.ts';
import { createStoresExporter } from './roles/storesExporter.ts';
import { createVision } from './roles/vision.ts';

type Role = (program: Program, argument: string | undefined) => Promise<Running>;

const ROLES: Readonly<Record<string, Role>> = {
  backend: serving(createBackend),
  'celery-worker': runCeleryWorker,
  'celery-beat': runCeleryBeat,
  recommender: serving(createRecommender),
  search: serving(createSearch),
  pricing: serving(createPricing),
  chatbot: serving(createChatbot),
  fraud: serving(createFraud),
  forecasting: serving(createForecasting),
  vision: serving(createVision),
  'stores-exporter': serving(createStoresExporter),
  'identity-keys': runIdentityKeys,
  'stand-in': (program, product) => {
    if (product === undefined) throw new Error('stand-in needs the name of a product, for example: stand-in postgres');
    return runStandIn(product, program);
  },
};

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
  const running = await role(program, argument);
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
