// A Vitest reporter that only counts, for the last line of `npm test`.
import { writeFileSync } from 'node:fs';

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') counts.failed += 1;
        else
          counts.skipped.push({
            name: `${module.relativeModuleId}: ${test.fullName}`,
            reason: result.note ?? 'no reason given',
          });
      }
    }
    if (process.env.GATEHOUSE_COUNT_FILE) writeFileSync(process.env.GATEHOUSE_COUNT_FILE, JSON.stringify(counts));
  }
}
