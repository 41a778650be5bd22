// How a gateway ends: not ready, then nothing new, then nothing.
import type { Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { AdminServer } from '../admin/adminServer.ts';
import type { Core } from '../exchange/core.ts';
import { drain } from './drain.ts';

/** A collector that does not answer must not keep a gateway from ending. */
const LAST_EXPORT_MS = 2_000;

export interface CloseOptions {
  readonly delayMs?: number;
  readonly graceMs?: number;
}

interface Servers {
  readonly server: Server;
  readonly admin: AdminServer;
}

/** The drain, then the end of everything that is open. True when nothing was cut. */
export async function endGateway(core: Core, { server, admin }: Servers, options: CloseOptions): Promise<boolean> {
  const { live, log, events, connections } = core;
  const { drain: configured } = core.revision.config;
  const { delayMs = configured.delayMs, graceMs = configured.deadlineMs } = options;
  live.leaving = true;
  core.configFile?.close();
  events.emit({ type: 'drain', phase: 'leaving' });
  if (delayMs > 0 && server.listening) {
    log.info('not ready any more, still serving', { delayMs });
    await setTimeout(delayMs);
  }
  live.draining = true;
  events.emit({ type: 'drain', phase: 'draining' });
  log.info('draining', { inFlight: live.inFlight, graceMs });
  const whole = await drain(server, { graceMs, inFlight: () => live.inFlight, connections });
  core.revision.auth.close();
  core.upstreams.destroy();
  core.limits.close();
  await Promise.all([core.tracing.close(LAST_EXPORT_MS), core.accessLog.close(LAST_EXPORT_MS)]);
  events.emit({ type: 'drain', phase: 'closed' });
  await admin.close();
  core.metrics.close();
  log.info('closed', { whole });
  return whole;
}
