// One engine and what the tests do with it. Everything they make carries the run's prefix, and is removed after each test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, openRequest, type RequestOptions, readAnswer } from './engineHttp.ts';

export type EngineKind = 'sandbox' | 'dockerd';

export const IMAGE = 'gatehouse/platform-service:0.1.0';
/** Parts of a spec that publish the service's port somewhere on this machine. */
export const PUBLISHED = {
  ExposedPorts: { '8002/tcp': {} },
  HostConfig: { PortBindings: { '8002/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
};
const LABEL = 'gatehouse.test.run';
const UNTIL_MS = 40_000;

type Json = Record<string, unknown>;
// biome-ignore lint/suspicious/noExplicitAny: an inspection is large, and each test reads a few fields of it.
type Inspection = any;

export class EngineUnderTest {
  readonly kind: EngineKind;
  readonly socketPath: string;
  readonly prefix = `ght-${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  readonly #folder: string | undefined;
  #process: ChildProcess | undefined;

  constructor(kind: EngineKind, dockerSocket: string) {
    this.kind = kind;
    this.#folder = kind === 'sandbox' ? join(tmpdir(), this.prefix) : undefined;
    this.socketPath = this.#folder === undefined ? dockerSocket : join(this.#folder, 'e.sock');
  }

  async open(): Promise<void> {
    if (this.#folder !== undefined) {
      mkdirSync(this.#folder, { mode: 0o700 });
      const program = fileURLToPath(new URL('../../../sandbox/test/engineProgram.ts', import.meta.url));
      const argv = [program, '--socket', this.socketPath, '--end-with-stdin'];
      this.#process = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(this.#process.stdout ?? this.#process, 'data');
      return;
    }
    const { status } = await this.call('GET', `/images/${IMAGE}/json`);
    if (status !== 200) throw new Error(`the engine has no image ${IMAGE}; run eval "$(.ci/engine/up)"`);
  }

  async close(): Promise<void> {
    if (this.#process !== undefined) {
      const ended = once(this.#process, 'exit');
      this.#process.stdin?.end();
      await ended;
    }
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  name(suffix: string): string {
    return `${this.prefix}-${suffix}`;
  }

  get labels(): Record<string, string> {
    return { [LABEL]: this.prefix };
  }

  request(method: string, path: string, options?: RequestOptions) {
    return openRequest(this.socketPath, method, path, options);
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    return readAnswer(await openRequest(this.socketPath, method, path, { body }));
  }

  /** Creates a container of the service image; answers its id. */
  async create(suffix: string, spec: Json = {}): Promise<string> {
    const body = { Image: IMAGE, Cmd: ['search'], ...spec, Labels: { ...this.labels, ...(spec.Labels as Json) } };
    const created = await this.call('POST', `/containers/create?name=${this.name(suffix)}`, body);
    if (created.status !== 201) throw new Error(`create ${suffix}: ${created.status} ${created.text}`);
    return created.body.Id;
  }

  async start(id: string): Promise<void> {
    const { status, text } = await this.call('POST', `/containers/${id}/start`);
    if (status !== 204) throw new Error(`start ${id}: ${status} ${text}`);
  }

  /** Creates and starts one that never ends by itself, and waits until it serves: before that, no signal is handled. */
  async run(suffix: string, spec: Json = {}): Promise<string> {
    const id = await this.create(suffix, spec);
    await this.start(id);
    await this.ready(id);
    return id;
  }

  /** `times`: how often it must have said so, for one that was started again. */
  async ready(id: string, times = 1): Promise<void> {
    await this.#until(`${id} to say that it is ready`, async () => {
      const { text } = await this.call('GET', `/containers/${id}/logs?stdout=1&stderr=1`);
      return (text.match(/"message":"ready"/g)?.length ?? 0) >= times ? true : undefined;
    });
  }

  async inspect(id: string): Promise<Inspection> {
    return (await this.call('GET', `/containers/${id}/json`)).body;
  }

  /** Rejects with the state that was last seen. */
  async until(id: string, question: (inspection: Inspection) => boolean): Promise<Inspection> {
    let last: Inspection;
    return this.#until(
      () => `${question}; last seen: ${JSON.stringify(last?.State)}`,
      async () => {
        last = await this.inspect(id);
        return question(last) ? last : undefined;
      },
    );
  }

  async #until<T>(what: string | (() => string), ask: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + UNTIL_MS;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${typeof what === 'string' ? what : what()}`);
      // Not a wait for a fixed time: the condition is asked for again until it holds.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Where a container that publishes 8002 answers. */
  async address(id: string): Promise<string> {
    const { NetworkSettings } = await this.inspect(id);
    const [binding] = NetworkSettings.Ports['8002/tcp'];
    return `http://127.0.0.1:${binding.HostPort}`;
  }

  /**
   * What happened to one container since `sinceMs`, in the words of its events, without those of execs: the engine of
   * Docker runs an exec for each health probe.
   */
  async events(id: string, sinceMs: number): Promise<string[]> {
    const all = await this.rawEvents({ type: ['container'], container: [id] }, sinceMs);
    return inOneOrder(all.filter(({ Action }) => !Action.startsWith('exec_')).map(toWords));
  }

  async rawEvents(filters: Record<string, string[]>, sinceMs: number): Promise<EngineEvent[]> {
    const since = (sinceMs / 1_000).toFixed(3);
    const until = (Date.now() / 1_000).toFixed(3);
    const query = `since=${since}&until=${until}&filters=${toQuery(filters)}`;
    const { text } = await this.call('GET', `/events?${query}`);
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line));
  }

  /** Removes what the test made, whatever it left. */
  async cleanUp(): Promise<void> {
    const filters = toQuery({ label: [`${LABEL}=${this.prefix}`] });
    const { body: containers } = await this.call('GET', `/containers/json?all=1&filters=${filters}`);
    for (const { Id } of containers) await this.call('DELETE', `/containers/${Id}?force=1&v=1`);
    const { body: networks } = await this.call('GET', `/networks?filters=${toQuery({ name: [this.prefix] })}`);
    for (const { Id } of networks) await this.call('DELETE', `/networks/${Id}`);
    const { body: named } = await this.call('GET', `/volumes?filters=${toQuery({ name: [this.prefix] })}`);
    for (const { Name } of named.Volumes ?? []) await this.call('DELETE', `/volumes/${Name}`);
  }
}

export interface EngineEvent {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

export const toQuery = (filters: Record<string, string[]>) => encodeURIComponent(JSON.stringify(filters));

/** `kill 15`, `die 0`, `start`. */
function toWords({ Action, Actor: { Attributes } }: EngineEvent): string {
  const detail = Action === 'kill' ? Attributes.signal : Action === 'die' ? Attributes.exitCode : undefined;
  return detail === undefined ? Action : `${Action} ${detail}`;
}

/** Docker's engine tells of the end before the stop that asked for it, that of Debian 13 the other way round. */
function inOneOrder(words: readonly string[]): string[] {
  return words.reduce<string[]>((told, word) => {
    if (word.startsWith('die ') && told.at(-1) === 'stop') told.splice(-1, 0, word);
    else told.push(word);
    return told;
  }, []);
}
