// RabbitMQ: durable queues, each message confirmed by the broker, each delivery acknowledged after its work. The only file
// that knows amqplib. It connects again by itself; meanwhile sending fails at once, and whoever sends keeps what is unsent.
import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import type { Log } from '../kit/log.ts';
import { createStoreState, StoreAway, toReason } from './storeState.ts';
import {
  type Delivery,
  type Outcome,
  type QueueSettings,
  RETRY_DELAYS_MS,
  sendInSpan,
  type TaskQueue,
  type Work,
  workOff,
} from './taskQueue.ts';

export interface RabbitOptions extends QueueSettings {
  /** amqp://user@host:port */
  url: URL;
  password: string | undefined;
  log: Log;
}

const STORE = 'task queue';
const SYSTEM = 'rabbitmq';
const TIMEOUT_MS = 2_000;
/** A broker that says nothing for twice as long is gone, whatever the connection looks like. */
const HEARTBEAT_SECONDS = 5;
const BACKOFF_MS = { first: 250, most: 5_000 };
/** Beyond this the broker refuses, and the tasks stay in the outbox of their sender. */
const QUEUE_LIMIT = 100_000;
const DEAD_KEPT = 10_000;
/** Before a delivery that could not be moved is given back: at once, it would come again at once. */
const GIVE_BACK_MS = 1_000;
const CLOSING_MS = 600;
const ATTEMPT_FIELD = 'x-shop-attempt';

interface Link {
  connection: ChannelModel;
  channel: ConfirmChannel;
  /** Ids of messages that no queue took. */
  returned: Set<string>;
  /** Resolves with the reason when the connection or its channel is no more. */
  ended: Promise<string>;
}

export function createRabbitQueue(options: RabbitOptions): TaskQueue {
  const { url, name, log } = options;
  const state = createStoreState(STORE, log);
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();
  let link: Link | undefined;
  let work: Work | undefined;

  async function keepConnected(): Promise<void> {
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      try {
        link = await openLink(options);
        if (work !== undefined) await take(link, work);
        state.back();
        failures = 0;
        const reason = await link.ended;
        if (!ending.signal.aborted) state.away(reason);
      } catch (error) {
        if (!ending.signal.aborted) state.away(toReason(error));
      }
      if (link !== undefined) void closeQuietly(link.connection);
      link = undefined;
      await delay(toBackoff(failures), undefined, { signal: ending.signal }).catch(() => {});
    }
  }

  async function take(taken: Link, work: Work): Promise<void> {
    await taken.channel.consume(name, (message) => {
      // The broker has taken the consumer away, for example with its queue: a new connection makes both anew.
      if (message === null) return void closeQuietly(taken.connection);
      const finished = finish(taken, message, { work, options }).finally(() => underWay.delete(finished));
      underWay.add(finished);
    });
  }

  function getLink(): Link {
    if (link === undefined) throw new StoreAway(STORE, 'no connection at this moment');
    return link;
  }

  const keeping = keepConnected();

  return {
    described: `RabbitMQ at ${url.host}`,
    get isAway() {
      return link === undefined;
    },
    send: (task) =>
      sendInSpan(task, { name, system: SYSTEM }, (traced) => put(getLink(), name, { ...traced, attempt: 1 })),
    consume(given) {
      work = given;
      const open = link;
      if (open !== undefined) take(open, given).catch(() => closeQuietly(open.connection));
    },
    depth: async () => countMessages(getLink(), options),
    async close() {
      ending.abort();
      const open = link;
      await Promise.race([Promise.allSettled(underWay), delay(CLOSING_MS)]);
      if (open !== undefined) await Promise.race([closeQuietly(open.connection), delay(CLOSING_MS)]);
      await Promise.race([keeping, delay(CLOSING_MS)]);
    },
  };
}

function toBackoff(failures: number): number {
  const ms = Math.min(BACKOFF_MS.first * 2 ** failures, BACKOFF_MS.most);
  // Jitter: all processes have lost the broker at the same moment.
  return ms * (0.5 + Math.random() / 2);
}

async function openLink(options: RabbitOptions): Promise<Link> {
  const { connect } = await import('amqplib');
  const { url, password } = options;
  const address = {
    protocol: 'amqp',
    hostname: url.hostname,
    port: Number(url.port) || 5672,
    username: decodeURIComponent(url.username),
    password: password ?? '',
    vhost: decodeURIComponent(url.pathname.slice(1)) || '/',
    heartbeat: HEARTBEAT_SECONDS,
  };
  const connection = await connect(address, { timeout: TIMEOUT_MS, noDelay: true });
  const ended = new Promise<string>((resolve) => {
    connection.on('error', (error) => resolve(toReason(error)));
    connection.on('close', () => resolve('the connection was closed'));
  });
  try {
    const channel = await connection.createConfirmChannel();
    const returned = new Set<string>();
    channel.on('return', ({ properties }) => returned.add(String(properties.messageId)));
    const channelEnded = new Promise<string>((resolve) => {
      channel.on('error', (error) => resolve(toReason(error)));
      channel.on('close', () => resolve('the channel was closed'));
    });
    await declareQueues(channel, options);
    await channel.prefetch(options.atOnce);
    return { connection, channel, returned, ended: Promise.race([ended, channelEnded]) };
  } catch (error) {
    void closeQuietly(connection);
    throw error;
  }
}

/** One that is closed already throws. */
async function closeQuietly(connection: ChannelModel): Promise<void> {
  try {
    await connection.close();
  } catch {
    // It is what was wanted.
  }
}

const toRetryName = (name: string, delayMs: number) => `${name}.retry.${delayMs}`;
const toDeadName = (name: string) => `${name}.dead`;

/** One retry queue for each delay: in a queue of mixed delays a long one in front holds up the short ones behind it. */
async function declareQueues(
  channel: ConfirmChannel,
  { name, retryDelaysMs = RETRY_DELAYS_MS }: RabbitOptions,
): Promise<void> {
  const limited = { 'x-max-length': QUEUE_LIMIT, 'x-overflow': 'reject-publish' };
  await channel.assertQueue(name, { durable: true, arguments: limited });
  for (const delayMs of retryDelaysMs) {
    const back = { 'x-message-ttl': delayMs, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': name };
    await channel.assertQueue(toRetryName(name, delayMs), { durable: true, arguments: back });
  }
  await channel.assertQueue(toDeadName(name), { durable: true, arguments: { 'x-max-length': DEAD_KEPT } });
}

/** Resolves when the broker has confirmed it. */
function put({ channel, returned }: Link, queue: string, delivery: Delivery): Promise<void> {
  const { id, name, payload, trace, attempt } = delivery;
  const properties: Options.Publish = {
    persistent: true,
    // The broker gives it back when no queue takes it; it would confirm and drop it otherwise.
    mandatory: true,
    contentType: 'application/json',
    messageId: id,
    type: name,
    timestamp: Math.floor(Date.now() / 1_000),
    headers: { ...trace, [ATTEMPT_FIELD]: attempt },
  };
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => reject(new StoreAway(STORE, reason));
    const timer = setTimeout(refuse, TIMEOUT_MS, `no confirmation within ${TIMEOUT_MS} ms`);
    try {
      channel.sendToQueue(queue, Buffer.from(JSON.stringify(payload)), properties, (error) => {
        clearTimeout(timer);
        // The return comes before the confirmation.
        if (returned.delete(id)) refuse(`there is no queue ${queue}`);
        else if (error) refuse('the broker did not take the message');
        else resolve();
      });
    } catch (error) {
      clearTimeout(timer);
      refuse(toReason(error));
    }
  });
}

interface Finishing {
  work: Work;
  options: RabbitOptions;
}

/** Works it off, moves it where its outcome says, and only then lets the broker forget it. Never rejects. */
async function finish(link: Link, message: ConsumeMessage, { work, options }: Finishing): Promise<void> {
  const { name } = options;
  const delivery = readDelivery(message);
  try {
    if (delivery === undefined) {
      const reason = { unreadable: message.content.toString('latin1').slice(0, 1_000) };
      await put(link, toDeadName(name), {
        id: 'unreadable',
        name: 'unreadable',
        payload: reason,
        trace: {},
        attempt: 1,
      });
    } else {
      await move(link, delivery, { outcome: await workOff(delivery, work, { ...options, system: SYSTEM }), name });
    }
    link.channel.ack(message);
  } catch {
    // Not moved: it stays the broker's. Without a connection it has it already.
    await delay(GIVE_BACK_MS);
    try {
      link.channel.nack(message);
    } catch {
      // The channel is closed.
    }
  }
}

async function move(
  link: Link,
  delivery: Delivery,
  { outcome, name }: { outcome: Outcome; name: string },
): Promise<void> {
  if (outcome.kind === 'retry') {
    await put(link, toRetryName(name, outcome.delayMs), { ...delivery, attempt: delivery.attempt + 1 });
  }
  if (outcome.kind === 'dead') await put(link, toDeadName(name), delivery);
}

/** undefined for what is not a task of ours. */
function readDelivery({ content, properties }: ConsumeMessage): Delivery | undefined {
  const { messageId, type, headers = {} } = properties;
  try {
    const payload: unknown = JSON.parse(content.toString('utf8'));
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
    if (typeof messageId !== 'string' || typeof type !== 'string') return undefined;
    const attempt = Number(headers[ATTEMPT_FIELD] ?? 1);
    return { id: messageId, name: type, payload: payload as Delivery['payload'], trace: readTrace(headers), attempt };
  } catch {
    return undefined;
  }
}

function readTrace(headers: Record<string, unknown>): Record<string, string> {
  const trace: Record<string, string> = {};
  for (const name of ['traceparent', 'tracestate', 'baggage']) {
    const value = headers[name];
    if (typeof value === 'string') trace[name] = value;
  }
  return trace;
}

/** amqplib waits for an answer as long as there is a connection. */
async function failLater(): Promise<never> {
  await delay(TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`no answer within ${TIMEOUT_MS} ms`);
}

async function countMessages({ channel }: Link, { name, retryDelaysMs = RETRY_DELAYS_MS }: RabbitOptions) {
  const count = async (queue: string) => (await channel.checkQueue(queue)).messageCount;
  try {
    const retries = retryDelaysMs.map((delayMs) => count(toRetryName(name, delayMs)));
    const counting = Promise.all([count(name), count(toDeadName(name)), ...retries]);
    const [ready, dead, ...retrying] = await Promise.race([counting, failLater()]);
    return { ready, dead, retrying: retrying.reduce((sum, one) => sum + one, 0) };
  } catch (error) {
    throw new StoreAway(STORE, toReason(error), { cause: error });
  }
}
