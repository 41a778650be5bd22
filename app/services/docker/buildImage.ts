// A build through BuildKit: dockerode brings the session that BuildKit asks back over, and decodes its trace.
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { EngineAddress } from './address.ts';
import { withTimeout } from './engineAnswer.ts';

export interface BuildRequest {
  /** Query of POST /build, without version and session. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** One line of output. Untrusted text. */
  onLine(line: string): void;
}

export type BuildImage = (context: Readable, request: BuildRequest) => Promise<void>;

const eventSchema = z.object({
  stream: z.string().catch(''),
  status: z.string().catch(''),
  error: z.string().catch(''),
  errorDetail: z
    .object({ message: z.string().catch('') })
    .nullish()
    .catch(null),
});

/** The engine reads the whole context before it answers. */
const answerTimeoutMs = 600_000;

/** Resolves when the image is there. Rejects with what BuildKit says; the engine's answer itself is always 200. */
export function createBuildImage(docker: Docker, address: EngineAddress): BuildImage {
  return async (context, { query, signal, onLine }) => {
    const abort = () => context.destroy(new Error('cancelled'));
    signal.addEventListener('abort', abort);
    try {
      const stream = await withTimeout(address, 'build', answerTimeoutMs, (abortSignal) => {
        const options = { ...query, version: '2', abortSignal: AbortSignal.any([abortSignal, signal]) };
        return docker.buildImage(context, options as Docker.ImageBuildOptions);
      });
      await follow(docker, stream as Readable, { signal, onLine });
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
}

function follow(docker: Docker, stream: Readable, { signal, onLine }: Omit<BuildRequest, 'query'>): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure = '';
    const abort = () => stream.destroy();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    // dockerode ends its session with the answer; one that is destroyed never says so, and would keep it open.
    stream.once('close', () => {
      if (!stream.readableEnded) stream.emit('end');
    });
    const finish = (error: unknown) => {
      signal.removeEventListener('abort', abort);
      if (error || failure || signal.aborted)
        reject(new Error(failure || (signal.aborted ? 'cancelled' : String(error))));
      else resolve();
    };
    const take = (event: unknown) => {
      const { stream: text, status, error, errorDetail } = eventSchema.parse(event);
      // followProgress does not reject for these.
      failure ||= errorDetail?.message || error;
      for (const line of (text || status).split('\n')) if (line.trim() !== '') onLine(line);
    };
    (docker as never as FollowProgress).followProgress(stream, finish, take);
  });
}

interface FollowProgress {
  followProgress(stream: Readable, finished: (error: unknown) => void, progress: (event: unknown) => void): void;
}
