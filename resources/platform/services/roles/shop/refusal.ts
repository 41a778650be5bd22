// How the shop says no: a refusal may be thrown from inside a transaction, which is undone by it, and a store that is away
// is a 503 that says when to come back.
import { type Reply, type Route, readJson, refuse, type ServiceRequest } from '../../kit/routes.ts';
import { StoreAway } from '../../stores/storeState.ts';

export class RefusedRequest extends Error {
  override name = 'RefusedRequest';
  readonly reply: Reply;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.reply = refuse(status, code, detail);
  }
}

const RETRY_AFTER_SECONDS = 2;

/** The routes, with what their handlers throw turned into answers. What is neither of the two stays a fault. */
export function withRefusals(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({
    ...route,
    handle: async (request) => {
      try {
        return await route.handle(request);
      } catch (error) {
        if (error instanceof RefusedRequest) return error.reply;
        if (error instanceof StoreAway) return toUnavailable(error);
        throw error;
      }
    },
  }));
}

/** The reason stays in the log: it names hosts. */
export function toUnavailable({ store }: StoreAway): Reply {
  const reply = refuse(503, 'store-away', `the ${store} is away; try again in ${RETRY_AFTER_SECONDS} s`);
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(RETRY_AFTER_SECONDS) } };
}

/** The JSON object of the body; throws the refusal when it is none. */
export function readObject(request: ServiceRequest): Record<string, unknown> {
  const json = readJson(request);
  if ('value' in json) return json.value;
  throw new RefusedRequest(400, 'body-not-json', 'the body must be a JSON object');
}

/** A text of the body within a length; throws the refusal when it is none. */
export function readText(
  object: Record<string, unknown>,
  name: string,
  { least = 1, most = 200 }: { least?: number; most?: number } = {},
): string {
  const value = object[name];
  if (typeof value === 'string' && value.length >= least && value.length <= most) return value;
  throw new RefusedRequest(400, 'bad-field', `${name} must be a text of ${least} to ${most} characters`);
}
