// What 1,000 events a second cost a window: tasks of its main thread and frames, while Traffic or Logs follow a recording,
// and what it takes with nothing but the frame's own news. Prints JSON. --quick for 5 s a view.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright';
import { findChromium } from '../scripts/chromium.mjs';

const EVENTS_PER_SECOND = 1_000;
const seconds = process.argv.includes('--quick') ? 5 : 20;
const PORT = 7798;
const views = [
  { name: 'traffic', path: 'traffic', eventsPerSecond: EVENTS_PER_SECOND },
  { name: 'logs', path: 'logs', eventsPerSecond: EVENTS_PER_SECOND },
  { name: 'overview', path: 'overview', eventsPerSecond: 0 },
];

const host = spawn(
  process.execPath,
  [join(import.meta.dirname, '..', 'e2e', 'fixtures', 'recordedHost.ts'), '--port', String(PORT), '--scenario', 'well'],
  {
    env: {
      ...process.env,
      GATEHOUSE_RECORDED_LINES: String(EVENTS_PER_SECOND),
      GATEHOUSE_RECORDED_REQUESTS: String(EVENTS_PER_SECOND),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const gone = once(host, 'exit');
const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : {}),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
  await page.goto(/http\S+/.exec(line)?.[0] ?? '');
  await page.getByRole('banner').waitFor();
  const rows = [];
  for (const { name, path, eventsPerSecond } of views) {
    await page.goto(`http://127.0.0.1:${PORT}/env/sandbox~shop-platform/${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    // What opening a view costs is another question.
    await page.waitForTimeout(3_000);
    rows.push({ name, eventsPerSecond, ...(await measure(page)) });
  }
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model}`;
  process.stdout.write(`${JSON.stringify({ bench: 'console', machine, seconds, rows }, null, 2)}\n`);
} finally {
  await browser.close();
  host.kill();
  await gone;
}

async function measure(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const before = await busy();
  const seen = await page.evaluate(watch, seconds * 1_000);
  const busyShare = ((await busy()) - before) / seconds;
  await session.detach();
  return { ...seen, busyPercent: Math.round(busyShare * 1_000) / 10 };
}

/** Runs in the page. Tasks under 50 ms are not told apart by the browser. */
async function watch(ms: number) {
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  let frames = 0;
  const until = performance.now() + ms;
  await new Promise<void>((resolve) => {
    const frame = () => {
      frames += 1;
      if (performance.now() < until) requestAnimationFrame(frame);
      else resolve();
    };
    requestAnimationFrame(frame);
  });
  observer.disconnect();
  return {
    framesPerSecond: Math.round((frames / ms) * 10_000) / 10,
    tasksOver50Ms: tasks.length,
    longestTaskMs: Math.round(Math.max(0, ...tasks)),
    heapMb: Math.round(
      ((performance as unknown as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0) / 2 ** 20,
    ),
  };
}
