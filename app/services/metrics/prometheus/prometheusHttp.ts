// One call of Prometheus's HTTP API: bounded in time and bytes, and every failure with what to do about it.
import { GatehouseError, type Problem } from '../../../contract/index.ts';
import { cleanText } from '../../docker/logStream.ts';
import {
  callService,
  parseObject,
  type ServiceAddress,
  type ServiceAnswer,
  type ServiceLimits,
} from '../../tunnel/serviceHttp.ts';

export interface PrometheusReply {
  readonly data: unknown;
  readonly warnings: string[];
}

export interface PrometheusCall {
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string | readonly string[]>>;
  /** Queries may be longer than an address can be. */
  readonly isPost?: boolean;
}

export type PrometheusLimits = ServiceLimits;

export const prometheusLimits: PrometheusLimits = { timeoutMs: 15_000, answerBytes: 16 * 1024 * 1024 };

/** Throws `metrics-unreachable`, or `query-refused` where another question would be answered. */
export async function askPrometheus(
  address: ServiceAddress,
  { path, parameters = {}, isPost = false }: PrometheusCall,
  { signal, limits = prometheusLimits }: { signal: AbortSignal; limits?: PrometheusLimits },
): Promise<PrometheusReply> {
  const form = new URLSearchParams();
  for (const [key, values] of Object.entries(parameters)) for (const value of [values].flat()) form.append(key, value);
  const text = form.toString();
  const call = isPost ? { target: path, form: text } : { target: text === '' ? path : `${path}?${text}` };
  const smaller = 'Ask for fewer series (sum by, topk), a shorter time or a longer step.';
  const answer = await callService(address, call, { signal, limits, code: 'metrics-unreachable', smaller });
  return readReply(address, answer);
}

function readReply({ name }: ServiceAddress, { status, text }: ServiceAnswer): PrometheusReply {
  const body = parseObject(text);
  if (body?.status === 'success') return { data: body.data, warnings: readWarnings(body) };
  if (body?.status !== 'error') throw toForeign(name, status);
  const said = typeof body.error === 'string' ? cleanText(body.error.replaceAll('\n', ' ')).slice(0, 500) : '';
  throw new GatehouseError(toRefusal(name, String(body.errorType), said));
}

function toRefusal(name: string, type: string, said: string): Problem {
  const message = `${name} says: ${said || type.slice(0, 40)}.`.replace(/\.\.$/, '.');
  switch (type) {
    case 'bad_data':
      return { code: 'query-refused', message, remedy: 'Correct the query; the position is that of the mark.' };
    case 'execution':
      return { code: 'query-refused', message, remedy: 'Ask for fewer series, a shorter time or a longer step.' };
    case 'timeout':
    case 'canceled':
      return {
        code: 'query-refused',
        message,
        remedy: 'It took too long: ask for fewer series, a shorter time or a longer step.',
      };
    case 'unavailable':
      return { code: 'metrics-unreachable', message, remedy: 'It is starting or ending; it is asked again by itself.' };
    default:
      return { code: 'metrics-unreachable', message, remedy: `Look at the log of ${name}.` };
  }
}

/** What answers there speaks HTTP and is no Prometheus, or not for us. */
function toForeign(name: string, status: number): GatehouseError {
  const [why, remedy] =
    status === 401 || status === 403
      ? ['asks for credentials', 'The console has none: let it in without from its networks, or ask Grafana.']
      : status >= 300 && status < 400
        ? ['sends elsewhere', 'Serve its API at /api/v1, without a prefix of the path.']
        : ['is not the API of Prometheus', 'Look at what its container runs, and whether it has a prefix of the path.'];
  return new GatehouseError({
    code: 'metrics-unreachable',
    message: `What ${name} answers ${why} (status ${status}).`,
    remedy,
  });
}

function readWarnings({ warnings, infos }: Record<string, unknown>): string[] {
  return [warnings, infos]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .filter((text) => typeof text === 'string')
    .slice(0, 10)
    .map((text) => cleanText(text).slice(0, 300));
}
