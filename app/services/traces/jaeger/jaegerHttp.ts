// One call of Jaeger's query API (the one that its own pages use), and every failure with what to do about it.
import { GatehouseError } from '../../../contract/index.ts';
import { type Raw, readMaps, readNumber, readText } from '../../stack/spec/rawValues.ts';
import { callService, parseObject, type ServiceAddress, type ServiceLimits } from '../../tunnel/serviceHttp.ts';
import { toName } from '../rawSpan.ts';
import { unknownTrace } from '../traceSource.ts';

/** Traces of ten thousand spans have about ten megabytes there. */
export const jaegerLimits: ServiceLimits = { timeoutMs: 15_000, answerBytes: 32 * 1024 * 1024 };

/** Path with its query → `data`. Throws `traces-unreachable`, `query-refused` or `trace-unknown`. */
export async function askJaeger(
  address: ServiceAddress,
  target: string,
  { signal, limits = jaegerLimits }: { signal: AbortSignal; limits?: ServiceLimits },
): Promise<unknown> {
  const smaller = 'Ask for fewer traces, or a shorter time.';
  const answer = await callService(address, { target }, { signal, limits, code: 'traces-unreachable', smaller });
  const body = parseObject(answer.text);
  if (answer.status === 200 && body && 'data' in body) return body.data;
  if (body && Array.isArray(body.errors)) throw toRefusal(address.name, target, body);
  throw toForeign(address.name, answer.status);
}

function toRefusal(name: string, target: string, { errors }: Raw): GatehouseError {
  const [error] = readMaps(errors);
  const [, traceId] = /^\/api\/traces\/([0-9a-f]+)$/.exec(target) ?? [];
  if (traceId !== undefined && readNumber(error?.code) === 404) return unknownTrace(traceId, name);
  const said = toName(readText(error?.msg), 500) || 'no reason';
  return new GatehouseError({
    code: 'query-refused',
    message: `${name} says: ${said}`,
    remedy: 'Ask for less, or look at its log.',
  });
}

/** What answers there speaks HTTP and is no Jaeger, or not for us. */
function toForeign(name: string, status: number): GatehouseError {
  const [why, remedy] =
    status === 401 || status === 403
      ? ['asks for credentials', 'The console has none: let it in without from its networks.']
      : [
          "is not Jaeger's query API",
          'Look at what its container runs. Behind a base path, and for Tempo or Zipkin, there is no view here.',
        ];
  return new GatehouseError({
    code: 'traces-unreachable',
    message: `What ${name} answers ${why} (status ${status}).`,
    remedy,
  });
}
