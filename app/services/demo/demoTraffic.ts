// Sends demo traffic at a rate, for a while, and stops by itself. Bounded: a slow gateway gets fewer requests, not more at once.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import type { Demo } from '../../contract/index.ts';
import { createLiveValue, isSameJson, type LiveValue } from '../stream/liveValue.ts';
import { createDemoAccount, type DemoAccount } from './demoAccount.ts';
import { type DemoRequest, makeDemoRequest } from './mix.ts';
import type { DemoTarget } from './target.ts';

export interface DemoTraffic {
  /** `notAllowed` is for the caller to fill in: it depends on the guard. */
  readonly state: LiveValue<Demo>;
  /** Starts, or goes on with another rate and end. `findTarget` is asked at each tick: the gateway may be recreated. */
  start(options: { requestsPerSecond: number; seconds: number; findTarget: () => DemoTarget | undefined }): void;
  stop(): void;
  close(): void;
}

const tickMs = 50;
const inFlightLimit = 50;
const requestTimeoutMs = 10_000;
const publishEveryMs = 500;
/** Marks the requests as ours; the gateway strips it before it forwards. */
const mark = randomBytes(16).toString('hex');
/** Of an answer, as far as it is read for what it says. */
const answerLimit = 16_384;

const off: Demo = { state: 'off', requestsPerSecond: 0, endsAt: null, sent: 0, failed: 0, notAllowed: null };

export function createDemoTraffic(now: () => number): DemoTraffic {
  const state = createLiveValue<Demo>(off, isSameJson);
  const counts = { sent: 0, failed: 0, inFlight: 0 };
  let stopRun: (() => void) | undefined;

  const stop = () => {
    stopRun?.();
    stopRun = undefined;
    state.set({ ...off, sent: counts.sent, failed: counts.failed });
  };

  return {
    state,
    stop,
    close: stop,
    start({ requestsPerSecond, seconds, findTarget }) {
      stopRun?.();
      counts.sent = 0;
      counts.failed = 0;
      const endsAt = now() + seconds * 1000;
      const agent = new Agent({ keepAlive: true, maxSockets: inFlightLimit });
      const account = createDemoAccount(now);
      const publish = () =>
        state.set({
          state: 'running',
          requestsPerSecond,
          endsAt,
          sent: counts.sent,
          failed: counts.failed,
          notAllowed: null,
        });
      let due = 0;
      let tickedAt = now();
      const tick = () => {
        const at = now();
        if (at >= endsAt) return stop();
        // After a pause of the process (a laptop that slept) nothing is made up for.
        due = Math.min(due + ((at - tickedAt) / 1000) * requestsPerSecond, requestsPerSecond);
        tickedAt = at;
        for (; due >= 1; due -= 1)
          if (counts.inFlight < inFlightLimit) send({ target: findTarget(), agent, account }, counts);
      };
      const timers = [setInterval(tick, tickMs), setInterval(publish, publishEveryMs)];
      stopRun = () => {
        for (const timer of timers) clearInterval(timer);
        agent.destroy();
      };
      publish();
    },
  };
}

interface Sender {
  target: DemoTarget | undefined;
  agent: Agent;
  account: DemoAccount;
}

function send({ target, agent, account }: Sender, counts: { sent: number; failed: number; inFlight: number }): void {
  counts.sent += 1;
  if (!target) {
    counts.failed += 1;
    return;
  }
  counts.inFlight += 1;
  let settled = false;
  const settle = (failed: boolean) => {
    if (settled) return;
    settled = true;
    counts.inFlight -= 1;
    if (failed) counts.failed += 1;
  };
  const { request: chosen, token } = account.choose(makeDemoRequest(Math.random));
  const { method, path, body } = chosen;
  const outgoing = request({
    ...target,
    agent,
    method,
    path,
    headers: headersOf(body, token),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  outgoing.on('response', (answer) => {
    const { statusCode = 500 } = answer;
    let text = '';
    answer.setEncoding('utf8').on('data', (piece: string) => {
      if (text.length < answerLimit) text += piece;
    });
    answer.on('end', () => account.learn(chosen, statusCode, text));
    answer.on('error', () => settle(true));
    answer.on('close', () => settle(statusCode >= 500));
  });
  outgoing.on('error', () => settle(true));
  outgoing.end(body ?? undefined);
}

function headersOf(body: DemoRequest['body'], token: string | undefined): Record<string, string | number> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const own = { 'x-gatehouse-demo': mark, 'user-agent': 'gatehouse-demo', ...authorization };
  return body === null
    ? own
    : { ...own, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}
