// A page whose process ended (out of memory, a fault of the browser) is loaded again, as often as a host is restarted.
import type { WindowSeam } from './electronSeam.ts';
import type { Pages } from './pages.ts';
import { decideSequel, type RestartPolicy } from './restartPolicy.ts';

export function reviveConsole(window: WindowSeam, pages: Pages, policy: RestartPolicy): void {
  let restarts = 0;
  let since = performance.now();
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const readyMs = performance.now() - since;
    const sequel = decideSequel({ restarts, readyMs, exitCode: null, askedForPort: false }, policy);
    restarts = sequel.restarts;
    since = performance.now();
    if (sequel.kind === 'giveUp') {
      const facts = [['Reason', reason] as const, ['Exit code', String(exitCode)] as const];
      void pages.showFailure({ title: 'The page of the console has ended.', facts, lines: [] });
      return;
    }
    setTimeout(() => {
      // Its session is the window's and survives.
      if (!window.isDestroyed()) window.webContents.reload();
    }, sequel.delayMs);
  });
}
