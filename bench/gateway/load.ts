// Load on one port: first as much as it takes, then at a fixed rate, for the latency. Speaks HTTP/1.1 on bare sockets, so
// that it needs a fraction of what the slowest candidate does. Takes its task as JSON, prints what it saw as JSON.
import { connect, type Socket } from 'node:net';

export interface LoadTask {
  readonly port: number;
  /** Each with one request at a time. */
  readonly connections: number;
  /** Heads of GET requests, whole; connections take turns with them. */
  readonly heads: readonly string[];
  readonly saturatedMs: number;
  /** 0 leaves it out. */
  readonly pacedMs: number;
  readonly pacedPerSecond: number;
}

export interface LoadReport {
  readonly requestsPerSecond: number;
  readonly answers: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Answers that were not 200; more than none makes the measurement void. */
  readonly failures: number;
}

const END = '\r\n\r\n';
/** All reads go through it: a read is over before the next one begins. */
const inbox = Buffer.allocUnsafeSlow(64 * 1024);

interface Counts {
  answers: number;
  failures: number;
}

/** One connection of a client that asks again when it is told to. */
class Client {
  isBusy = false;
  private sentAt = 0;
  private head = '';
  /** Of the answer's body; -1 while its head is not there. */
  private left = -1;
  private isChunked = false;
  private readonly socket: Socket;
  private readonly request: Buffer;
  private readonly onAnswer: (client: Client, ms: number, isGood: boolean) => void;
  private isGood = true;

  constructor(port: number, head: string, onAnswer: Client['onAnswer']) {
    this.request = Buffer.from(head, 'latin1');
    this.onAnswer = onAnswer;
    const callback = (count: number): true => {
      this.take(inbox.subarray(0, count));
      return true;
    };
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: inbox, callback } });
    this.socket.on('error', (error) => {
      throw error;
    });
    this.socket.on('close', () => {
      if (this.isBusy) throw new Error(`port ${port} closed a connection in the middle of a request`);
    });
  }

  ask(now: number): void {
    this.isBusy = true;
    this.sentAt = now;
    this.socket.write(this.request);
  }

  end(): void {
    this.socket.destroy();
  }

  private take(input: Buffer): void {
    let body = input;
    if (this.left === -1) {
      const text = this.head + input.toString('latin1');
      const end = text.indexOf(END);
      if (end === -1) {
        this.head = text;
        return;
      }
      body = input.subarray(end + END.length - this.head.length);
      this.head = '';
      this.readHead(text.slice(0, end));
    }
    if (this.isChunked) this.left = body.toString('latin1', Math.max(0, body.length - 5)) === `0${END}` ? 0 : 1;
    else this.left -= body.length;
    if (this.left > 0) return;
    this.left = -1;
    this.isBusy = false;
    this.onAnswer(this, performance.now() - this.sentAt, this.isGood);
  }

  private readHead(head: string): void {
    this.isGood = head.startsWith('200', 9);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    this.isChunked = !length;
    this.left = Number(length?.[1] ?? 1);
  }
}

async function run(task: LoadTask): Promise<LoadReport> {
  const counts: Counts = { answers: 0, failures: 0 };
  const latencies: number[] = [];
  let phase: 'saturated' | 'paced' | 'over' = 'saturated';
  const clients = Array.from(
    { length: task.connections },
    (_, index) =>
      new Client(task.port, task.heads[index % task.heads.length] ?? '', (client, ms, isGood) => {
        counts.answers += 1;
        if (!isGood) counts.failures += 1;
        if (phase === 'paced') latencies.push(ms);
        if (phase === 'saturated') client.ask(performance.now());
      }),
  );
  const startedAt = performance.now();
  if (task.saturatedMs > 0) for (const client of clients) client.ask(startedAt);
  await new Promise((resolve) => setTimeout(resolve, task.saturatedMs));
  const requestsPerSecond = (counts.answers / (performance.now() - startedAt)) * 1000;
  phase = 'over';
  while (clients.some(({ isBusy }) => isBusy)) await new Promise((resolve) => setTimeout(resolve, 2));
  phase = 'paced';
  if (task.pacedMs > 0) await pace(clients, task);
  for (const client of clients) client.end();
  return {
    requestsPerSecond,
    answers: counts.answers,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    failures: counts.failures,
  };
}

/** Requests come by the clock, whatever became of those before; who finds no idle client waits, and its time counts. */
async function pace(clients: readonly Client[], { pacedMs, pacedPerSecond }: LoadTask): Promise<void> {
  const beganAt = performance.now();
  let sent = 0;
  for (let now = beganAt; now - beganAt < pacedMs; now = performance.now()) {
    const due = Math.floor(((now - beganAt) / 1000) * pacedPerSecond);
    for (const client of clients) {
      if (sent >= due) break;
      if (client.isBusy) continue;
      // Only a client that had to be waited for is late; the timer's own coarseness is nobody's latency.
      client.ask(performance.now());
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (clients.some(({ isBusy }) => isBusy)) await new Promise((resolve) => setTimeout(resolve, 2));
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

const [, , task] = process.argv;
if (task !== undefined) process.stdout.write(`${JSON.stringify(await run(JSON.parse(task)))}\n`);
