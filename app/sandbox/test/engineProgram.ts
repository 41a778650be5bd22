// The engine as a process of its own, for tests of how it ends.
import { runSandbox } from '../run.ts';
import { testPrograms } from './programs.ts';

process.exitCode = await runSandbox(process.argv.slice(2), testPrograms);
