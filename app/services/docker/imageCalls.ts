// Images of an engine: looked at, pulled and built, with what the engine tells on the way.
import type { Readable } from 'node:stream';
import type { BuildImage } from './buildImage.ts';
import { optional } from './engineAnswer.ts';
import type { EngineCall } from './engineCall.ts';
import { parseImageTags, parseStackImage, type StackImage } from './stackParts.ts';

export interface PullOptions {
  readonly platform: string | null;
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
}

export interface ImageCalls {
  inspect(reference: string): Promise<StackImage | undefined>;
  /** JSON lines; a failure comes as a line with `errorDetail`, since the answer has begun by then. */
  openPull(reference: string, options: PullOptions): Promise<Readable>;
  /** References of the images that are there, by their tags. */
  listTags(): Promise<string[]>;
  readonly build: BuildImage;
}

/** The registry is asked before the first line of the answer. */
const pullAnswerTimeoutMs = 120_000;

export function createImageCalls(call: EngineCall, build: BuildImage): ImageCalls {
  return {
    build,
    inspect: async (reference) => {
      // Slashes stay: the engine's route takes the rest of the path as the name.
      const path = `/images/${reference.split('/').map(encodeURIComponent).join('/')}/json`;
      const answer = await optional(() => call.ask('inspect image', 'GET', path));
      return answer === undefined ? undefined : parseStackImage(answer);
    },
    listTags: async () => parseImageTags(await call.ask('list images', 'GET', '/images/json')),
    openPull: (reference, { platform, credentials, signal }) => {
      const query = { fromImage: withTag(reference), platform: platform ?? undefined };
      const options = { query, credentials, signal, timeoutMs: pullAnswerTimeoutMs };
      return call.open(`pull ${reference}`, 'POST', '/images/create', options);
    },
  };
}

/** Without a tag the engine would pull every tag of the repository. */
function withTag(reference: string): string {
  const last = reference.split('/').at(-1) ?? '';
  return last.includes(':') || last.includes('@') ? reference : `${reference}:latest`;
}
