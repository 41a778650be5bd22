// A Playwright reporter that only counts, for the last line of `npm test`.
import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from 'playwright/types/testReporter';

export default class CountReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: [] as { name: string; reason: string }[] };

  onTestEnd(test: TestCase, result: TestResult): void {
    const name = test.titlePath().filter(Boolean).join(' › ');
    if (result.status === 'passed') this.#counts.passed += 1;
    else if (result.status === 'skipped') {
      const reason = test.annotations.find((annotation) => annotation.type === 'skip')?.description;
      this.#counts.skipped.push({ name, reason: reason ?? 'no reason given' });
    } else this.#counts.failed += 1;
  }

  onError(): void {
    this.#counts.failed += 1;
  }

  onEnd(): void {
    if (process.env.GATEHOUSE_COUNT_FILE) {
      writeFileSync(process.env.GATEHOUSE_COUNT_FILE, JSON.stringify(this.#counts));
    }
  }
}
