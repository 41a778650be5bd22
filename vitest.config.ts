import { defineConfig } from 'vitest/config';

/** Whole stacks on a real engine: one at a time, after everything else, or they take each other's ports and cores. */
const STACKS = ['resources/platform/test/**/*.test.ts', 'app/services/stack/test/engine/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // A condition that comes late on a busy machine is no defect; one that never comes still fails its test.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // Most tests wait for sockets and processes; one worker a core, as is the default but for one core, leaves the machine idle.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{app,gateway-core,main,renderer,resources,scripts}/**/*.test.{ts,tsx}'],
          exclude: STACKS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'stacks', include: STACKS, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
