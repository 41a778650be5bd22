// A Playwright reporter that only counts, for the last lines of `npm test`.
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestError, TestResult } from 'playwright/types/testReporter';

/** What a failure says, without the colours, so that it still can be read at the end of a long log. */
const said = (error: TestError | undefined): string =>
  stripVTControlCharacters(error?.message ?? error?.value ?? 'no error given');

export default class CountReporter implements Reporter {
  readonly #counts = {
    passed: 0,
    failed: [] as { name: string; reason: string }[],
    skipped: [] as { file: string; reason: string }[],
  };

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === 'passed') this.#counts.passed += 1;
    else if (result.status === 'skipped') {
      const reason = test.annotations.find((annotation) => annotation.type === 'skip')?.description;
      this.#counts.skipped.push({ file: basename(test.location.file), reason: reason ?? 'no reason given' });
    } else {
      const name = test.titlePath().filter(Boolean).join(' › ');
      this.#counts.failed.push({ name, reason: said(result.error) });
    }
  }

  onError(error: TestError): void {
    this.#counts.failed.push({ name: 'outside every test', reason: said(error) });
  }

  onEnd(): void {
    if (process.env.GATEHOUSE_COUNT_FILE) {
      writeFileSync(process.env.GATEHOUSE_COUNT_FILE, JSON.stringify(this.#counts));
    }
  }
}
