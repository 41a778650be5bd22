// The one ELK worker of this window, started with the first layout. A file of our own origin: the content security
// policy allows neither blob: workers nor eval.
import type { ELK, ELKConstructorArguments } from 'elkjs/lib/elk-api.js';
import * as elkApi from 'elkjs/lib/elk-api.js';
import { type Layout, toElkGraph, toLayout } from './layoutGraph.ts';
import type { Structure } from './structure.ts';

type ElkConstructor = new (options: ELKConstructorArguments) => ELK;

interface Engine {
  elk: ELK;
  /** Rejects when the worker dies or cannot be loaded, of which ELK says nothing. */
  failed: Promise<never>;
}

let engine: Engine | undefined;

function getEngine(): Engine {
  engine ??= createEngine();
  return engine;
}

function createEngine(): Engine {
  // A CommonJS module with an export named default: bundlers differ in where they put it.
  const { default: outer } = elkApi as unknown as { default: ElkConstructor & { default?: ElkConstructor } };
  const Elk = outer.default ?? outer;
  const worker = new Worker(new URL('./layoutWorker.ts', import.meta.url), { type: 'module', name: 'layout' });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      // The next layout starts another one.
      engine = undefined;
      worker.terminate();
      reject(new Error(event.message || 'its worker could not be loaded'));
    });
  });
  failed.catch(() => {});
  return { elk: new Elk({ workerFactory: () => worker, algorithms: ['layered'] }), failed };
}

/** Rejects when the worker cannot run. */
export async function layOut(structure: Structure): Promise<Layout> {
  const { elk, failed } = getEngine();
  return toLayout(structure, await Promise.race([elk.layout(toElkGraph(structure)), failed]));
}
