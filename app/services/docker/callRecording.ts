// Which requests to engines an operation made, for the audit log: recorded where connections are made, so that no
// function in between has to know of it.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { EngineCall } from '../../contract/index.ts';

export type EngineCallSink = (call: EngineCall) => void;

const recording = new AsyncLocalStorage<EngineCallSink | undefined>();

/** What `work` asks of engines, also later and in what it awaits, goes to `sink`. */
export function recordEngineCalls<T>(sink: EngineCallSink, work: () => T): T {
  return recording.run(sink, work);
}

/** For what outlives the operation that happened to start it: a watch, a link that is kept alive. */
export function withoutRecording<T>(work: () => T): T {
  return recording.run(undefined, work);
}

/** As `recordEngineCalls`, for each step of a stream: its reader may be in another context each time. */
export async function* recordEngineCallsOf<T>(sink: EngineCallSink, source: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await recording.run(sink, () => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await recording.run(sink, () => iterator.return?.());
  }
}

/** The part of an agent that Node calls for each request, and does not describe in its types. */
interface RequestAgent {
  addRequest(request: ClientRequest, options: unknown): void;
}

/** Every request through this agent is told to the operation that makes it. */
export function observeAgent<T extends Agent>(agent: T): T {
  const observed = agent as never as RequestAgent;
  const addRequest = observed.addRequest.bind(agent);
  observed.addRequest = (request, options) => {
    const sink = recording.getStore();
    if (sink) observeRequest(request, sink);
    addRequest(request, options);
  };
  return agent;
}

function observeRequest(request: ClientRequest, sink: EngineCallSink): void {
  const tell = (status: number | null) => {
    for (const name of ['response', 'upgrade'] as const) request.off(name, answered);
    request.off('close', unanswered);
    sink({ method: request.method, path: toRecordedPath(request.path), status });
  };
  const answered = ({ statusCode }: IncomingMessage) => tell(statusCode ?? null);
  const unanswered = () => tell(null);
  request.once('response', answered).once('upgrade', answered).once('close', unanswered);
}

/** Parameters that name a thing or a way; others may hold what a user typed (build arguments are secrets at times). */
const shownParameters = new Set(
  ['all', 'condition', 'force', 'fromImage', 'limit', 'link', 'name', 'platform', 'signal', 't', 'tag', 'v'].map(
    (name) => name.toLowerCase(),
  ),
);
const pathLimit = 300;

/** Pure. The path with its query, the values of parameters that are not known to be harmless left out. */
export function toRecordedPath(path: string): string {
  const [bare = '', query] = path.split('?', 2);
  if (!query) return bare.slice(0, pathLimit);
  const parameters = query.split('&').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return shownParameters.has(name.toLowerCase()) ? pair : `${name}=…`;
  });
  return `${bare}?${parameters.join('&')}`.slice(0, pathLimit);
}
