// A Vitest reporter that only counts, for the last lines of `npm test`.
import { writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** What a failure says, without the colours and the code around it, so that it still can be read at the end of a long log. */
const said = (errors) => stripVTControlCharacters(errors?.[0]?.message ?? 'no error given');

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: [], skipped: [] };
    for (const error of unhandledErrors) counts.failed.push({ name: 'outside every test', reason: said([error]) });
    for (const module of modules) {
      const file = module.relativeModuleId;
      if (module.errors().length > 0) counts.failed.push({ name: file, reason: said(module.errors()) });
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed')
          counts.failed.push({ name: `${file}: ${test.fullName}`, reason: said(result.errors) });
        else counts.skipped.push({ file, reason: result.note ?? 'no reason given' });
      }
    }
    if (process.env.GATEHOUSE_COUNT_FILE) writeFileSync(process.env.GATEHOUSE_COUNT_FILE, JSON.stringify(counts));
  }
}
