// An OTLP/HTTP collector on port 0 that keeps what it gets.
import { startUpstream } from './fixture.ts';

type Value = { stringValue?: string; intValue?: number; boolValue?: boolean };

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Record<string, string | number | boolean | undefined>;
  status: { code: number };
  flags: number;
  links: { traceId: string; spanId: string }[];
  resource: Record<string, string | number | boolean | undefined>;
}

type RawAttributes = { key: string; value: Value }[];
interface Export {
  resourceSpans: {
    resource: { attributes: RawAttributes };
    scopeSpans: { spans: (Omit<CollectedSpan, 'attributes' | 'resource'> & { attributes: RawAttributes })[] }[];
  }[];
}

export interface Collector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  readonly requests: { contentType: string | undefined; key: string | undefined }[];
  status: number;
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const requests: Collector['requests'] = [];
  const { port } = await startUpstream(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    requests.push({ contentType: req.headers['content-type'], key: req.headers['x-key'] as string | undefined });
    if (collector.status === 200) spans.push(...parseExport(JSON.parse(Buffer.concat(chunks).toString()) as Export));
    res.writeHead(collector.status, { 'content-type': 'application/json' }).end('{}');
  });
  const collector: Collector = { url: `http://127.0.0.1:${port}/v1/traces`, spans, requests, status: 200 };
  return collector;
}

function parseExport({ resourceSpans }: Export): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        ...span,
        attributes: toRecord(span.attributes),
        resource: toRecord(resource.attributes),
      })),
    ),
  );
}

function toRecord(attributes: RawAttributes): CollectedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue]),
  );
}
