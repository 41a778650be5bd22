// The connections to one replica: an idle one is used again, the last one first, else another one is opened.
import type {
  CallOptions,
  UpstreamCall,
  UpstreamClient,
  UpstreamClientOptions,
  UpstreamHandler,
  UpstreamRequest,
} from '../upstreamClient.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import { toRequestHead } from './requestHead.ts';

/** Below the 5 s after which Node and many servers close an idle connection: a request must not meet a closing one. */
const IDLE_MS = 4_000;
const LONGEST_IDLE_MS = 60_000;
/** What a request may need to get there, taken off what an upstream says that it keeps a connection. */
const MARGIN_MS = 2_000;
/** How many more connections than requests are kept. */
const MAXIMUM_IDLE = 512;

/** Opens nothing until the first call. Does not limit itself: how many requests run is decided before. */
export function createHttp1Client(options: UpstreamClientOptions): UpstreamClient {
  return new Http1Client(options);
}

class Http1Client implements UpstreamClient, ConnectionOwner {
  readonly address: string;
  private readonly options: UpstreamClientOptions;
  private readonly all = new Set<Connection>();
  private idle: Connection[] = [];
  /** Done in this turn of the event loop; see onIdle. */
  private cooling: Connection[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(options: UpstreamClientOptions) {
    this.options = options;
    this.address = options.address;
  }

  get connections() {
    return { open: this.all.size, idle: this.idle.length + this.cooling.length };
  }

  call(request: UpstreamRequest, handler: UpstreamHandler, { fresh = false }: CallOptions = {}): UpstreamCall {
    const head = toRequestHead(request);
    const connection = (fresh ? undefined : this.takeIdle()) ?? this.open();
    return connection.start({ request, head, handler });
  }

  close(): void {
    this.isClosing = true;
    clearTimeout(this.timer);
    for (const connection of [...this.idle, ...this.cooling]) connection.destroy();
  }

  destroy(): void {
    this.close();
    for (const connection of this.all) connection.destroy();
  }

  private open(): Connection {
    const connection = new Connection(this.options, this);
    this.all.add(connection);
    return connection;
  }

  private takeIdle(): Connection | undefined {
    const now = performance.now();
    for (let last = this.idle.pop(); last; last = this.idle.pop()) {
      if (last.isOpen && last.staleAt > now) return last;
      last.destroy();
    }
    return undefined;
  }

  /**
   * Not used again in the turn in which its answer came: bytes that an upstream sends after it are in the kernel by
   * now, and must be seen as what they are before they could be taken for the next answer (GHSA-35p6-xmwp-9g52).
   */
  onIdle(connection: Connection): void {
    if (this.isClosing || this.idle.length + this.cooling.length >= MAXIMUM_IDLE) return void connection.destroy();
    if (this.cooling.push(connection) === 1) setImmediate(this.endCooling);
  }

  private readonly endCooling = (): void => {
    const now = performance.now();
    for (const connection of this.cooling) {
      if (!connection.isOpen) continue;
      const keptMs = connection.keepAliveMs === null ? IDLE_MS : connection.keepAliveMs - MARGIN_MS;
      connection.staleAt = now + Math.min(keptMs, LONGEST_IDLE_MS);
      if (keptMs > 0) this.idle.push(connection);
      else connection.destroy();
    }
    this.cooling = [];
    this.timer ??= this.idle.length > 0 ? setTimeout(this.endIdle, IDLE_MS).unref() : undefined;
  };

  private readonly endIdle = (): void => {
    const now = performance.now();
    this.timer = undefined;
    for (const connection of this.idle) if (connection.staleAt <= now) connection.destroy();
    this.idle = this.idle.filter(({ isOpen }) => isOpen);
    if (this.idle.length > 0) this.timer = setTimeout(this.endIdle, IDLE_MS).unref();
  };

  onGone(connection: Connection): void {
    this.all.delete(connection);
  }
}
