// Whether a request to the collector is an export of spans that it takes. Pure.

export interface ExportHead {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** As announced; null without. */
  readonly contentLength: number | null;
  /** Whether it has an Origin, as what scripts of web pages send has. */
  readonly isOfPage: boolean;
}

export interface Refusal {
  readonly status: number;
  /** What is wrong and what to do, for the log of the sender. */
  readonly message: string;
}

/** An exporter sends 512 spans at a time as a rule, which are about half a megabyte. */
export const bodyLimitBytes = 4 * 1024 * 1024;

/** undefined: its body is to be read. */
export function refuseExport(head: ExportHead): Refusal | undefined {
  const { method, path, contentType, contentEncoding, contentLength } = head;
  if (path !== '/v1/traces') {
    const other = /^\/v1\/(metrics|logs)$/.test(path) ? ' It takes traces alone.' : '';
    return { status: 404, message: `${path.slice(0, 100)} is not here; spans go to /v1/traces.${other}` };
  }
  if (method !== 'POST') return { status: 405, message: 'Spans are sent with POST.' };
  // Any page that is open in a browser here could otherwise fill the ring with spans of its own.
  if (head.isOfPage) return { status: 403, message: 'Spans of web pages are not taken: this listens for services.' };
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json') {
    const protobuf = /protobuf/.test(type);
    return {
      status: 415,
      message: `${protobuf ? 'OTLP as protobuf' : `content-type "${type.slice(0, 60)}"`} is not read; set OTEL_EXPORTER_OTLP_PROTOCOL=http/json.`,
    };
  }
  if (!['', 'identity', 'gzip'].includes(contentEncoding)) {
    return { status: 415, message: `content-encoding "${contentEncoding.slice(0, 60)}" is not read; gzip or none is.` };
  }
  if (contentLength !== null && contentLength > bodyLimitBytes) return tooLarge;
  return undefined;
}

export const tooLarge: Refusal = {
  status: 413,
  message: `A request may have ${bodyLimitBytes / 1024 / 1024} MB; let the exporter send fewer spans at a time (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
};
