import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { LOOPBACK } from '../containers/ports.ts';
import type { ProbePlan } from './interpretTest.ts';
import type { ProbeResult } from './state.ts';

const BODY_SHOWN_BYTES = 1_024;

/** Carries out a probe. Never rejects: a probe that fails is a result. `toHostPort` answers where a port is bound. */
export async function runProbe(
  plan: ProbePlan,
  toHostPort: (containerPort: number) => number | undefined,
  timeoutMs: number,
): Promise<ProbeResult> {
  const startedAt = Date.now();
  const { exitCode, output } = await carryOut(plan, toHostPort, timeoutMs);
  return { startedAt, endedAt: Date.now(), exitCode, output };
}

type Outcome = Pick<ProbeResult, 'exitCode' | 'output'>;

function carryOut(
  plan: ProbePlan,
  toHostPort: (port: number) => number | undefined,
  timeoutMs: number,
): Promise<Outcome> {
  if (plan.kind === 'process') return Promise.resolve({ exitCode: 0, output: plan.says });
  const port = toHostPort(plan.port);
  if (port === undefined) return Promise.resolve({ exitCode: 1, output: `port ${plan.port} is not bound` });
  return plan.kind === 'http'
    ? getHttp(plan.path, port, { says: plan.says, timeoutMs })
    : openTcp(port, { says: plan.says, timeoutMs });
}

function getHttp(
  path: string,
  port: number,
  { says, timeoutMs }: { says: string; timeoutMs: number },
): Promise<Outcome> {
  return new Promise((resolve) => {
    // Of the whole exchange, not of each silence in it: a drip of bytes must not hold a probe open.
    const signal = AbortSignal.timeout(timeoutMs);
    const request = httpRequest({
      host: LOOPBACK,
      port,
      path,
      agent: false,
      signal,
      headers: { 'user-agent': 'gatehouse-sandbox-health' },
    });
    request.once('error', (error) => {
      const reason = signal.aborted ? `no answer within ${timeoutMs} ms` : error.message;
      resolve({ exitCode: signal.aborted ? -1 : 7, output: `${says}: ${reason}` });
    });
    request.once('response', (response) => {
      const status = response.statusCode ?? 0;
      let shown = '';
      response.setEncoding('utf8').on('error', () => {});
      response.on('data', (text: string) => {
        if (shown.length < BODY_SHOWN_BYTES) shown += text.slice(0, BODY_SHOWN_BYTES - shown.length);
      });
      // curl -f answers 22 for 400 and above.
      response.once('close', () =>
        resolve({ exitCode: status < 400 ? 0 : 22, output: `${says} answered ${status}: ${shown.trim()}` }),
      );
    });
    request.end();
  });
}

function openTcp(port: number, { says, timeoutMs }: { says: string; timeoutMs: number }): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    const finish = (outcome: Outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(timeoutMs, () => finish({ exitCode: -1, output: `no connection within ${timeoutMs} ms` }));
    socket.once('error', (error) => finish({ exitCode: 1, output: `no connection: ${error.message}` }));
    socket.once('connect', () => finish({ exitCode: 0, output: says }));
  });
}
