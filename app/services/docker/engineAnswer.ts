// Answers of an engine: none is waited for without a limit, and every stream can be left.
import type { Readable } from 'node:stream';
import type { EngineAddress } from './address.ts';
import { EngineRefusal, toEngineProblem } from './engineProblem.ts';

/** docker-modem never settles when the connection breaks inside an answer, so that the time limit is ours. */
export async function withTimeout<T>(
  address: EngineAddress,
  what: string,
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  const answer = call(controller.signal);
  // When the limit wins, the aborted call still rejects; nobody waits for it then.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw toEngineProblem(address, what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer's stream with an error listener from the start; the signal destroys it, before or after it came. */
export async function openStream(
  signal: AbortSignal,
  open: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<Readable> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    const stream = (await open(controller.signal)) as Readable;
    stream.on('error', () => stream.destroy());
    const destroy = () => stream.destroy();
    controller.signal.addEventListener('abort', destroy);
    stream.once('close', () => signal.removeEventListener('abort', abort));
    if (controller.signal.aborted) destroy();
    return stream;
  } catch (error) {
    signal.removeEventListener('abort', abort);
    // It may have been given up on while it still waits for the engine.
    abort();
    throw error;
  }
}

/** undefined when the engine refuses because there is no such thing. */
export async function optional<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof EngineRefusal && error.status === 404) return undefined;
    throw error;
  }
}
