import { defineConfig } from 'vitest/config';

/** Whole stacks on a real engine: one at a time, after everything else, or they take each other's ports and cores. */
const STACKS = ['resources/platform/test/**/*.test.ts', 'app/{host,services}/**/test/engine/**/*.test.ts'];

const SOURCES = '{app,gateway-core,main,renderer,resources,scripts}';
/** What runs processes, sockets and whole hosts lies in folders named `test`; what lies beside a source is alone with it. */
const BEHAVIOUR = [`${SOURCES}/**/test/**/*.test.{ts,tsx}`];

export default defineConfig({
  test: {
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // A condition that comes late on a busy machine is no defect; one that never comes still fails its test.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // Most tests wait for sockets and processes; one worker a core, as is the default but for one core, leaves two cores
    // idle. An engine beside them takes what is left.
    maxWorkers: process.env.GATEHOUSE_TEST_ENGINE === '1' ? 2 : 3,
    // Files share what they import, not what they make: each importing the whole gateway anew took a third of the time.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${SOURCES}/**/*.test.{ts,tsx}`],
          exclude: [...BEHAVIOUR, ...STACKS],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'behaviour', include: BEHAVIOUR, exclude: STACKS, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'stacks',
          include: STACKS,
          fileParallelism: false,
          // 25 containers share the machine with a test that asks several of them by `docker exec`, one process each.
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
