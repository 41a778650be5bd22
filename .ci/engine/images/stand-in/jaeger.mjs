// The part of Jaeger that the platform uses: takes spans in by OTLP over HTTP, as JSON, and answers the query API that its
// own pages use, over a ring of memory: services, operations, traces by service, operation and tags, one trace by its id.

/** Of all traces together; the oldest trace goes first. */
const SPANS_LIMIT = 20_000;
const SPANS_OF_A_TRACE_LIMIT = 2_000;
const TRACES_SHOWN = 20;
const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_ERROR = 2;

/** What answers on the port of the query API, and what on that of OTLP. */
export function createJaeger() {
  const ring = createRing();
  return { query: createQuery(ring), collect: createCollector(ring) };
}

function createRing() {
  /** By trace id, the oldest first. */
  const traces = new Map();
  let held = 0;
  return {
    traces,
    add(span) {
      const spans = traces.get(span.traceID) ?? [];
      if (spans.length >= SPANS_OF_A_TRACE_LIMIT) return false;
      traces.set(span.traceID, spans);
      spans.push(span);
      held += 1;
      for (const [id, oldest] of traces) {
        if (held <= SPANS_LIMIT || id === span.traceID) break;
        traces.delete(id);
        held -= oldest.length;
      }
      return true;
    },
  };
}

function createCollector(ring) {
  return ({ method, pathname, body }) => {
    if (method !== 'POST' || pathname !== '/v1/traces') return undefined;
    if (!Array.isArray(body?.resourceSpans))
      return { status: 400, body: { code: 3, message: 'resourceSpans is no list' } };
    let rejectedSpans = 0;
    for (const { resource, scopeSpans } of body.resourceSpans) {
      const process = toProcess(resource);
      for (const { spans = [] } of scopeSpans ?? []) {
        for (const span of spans) if (!isSpan(span) || !ring.add(toSpan(span, process))) rejectedSpans += 1;
      }
    }
    return { status: 200, body: { partialSuccess: { rejectedSpans } } };
  };
}

const isSpan = ({ traceId, spanId }) => /^[0-9a-f]{32}$/.test(traceId ?? '') && /^[0-9a-f]{16}$/.test(spanId ?? '');

function toProcess(resource) {
  const tags = (resource?.attributes ?? []).map(toTag);
  const name = tags.find(({ key }) => key === 'service.name')?.value;
  return { serviceName: String(name ?? 'unknown_service'), tags: tags.filter(({ key }) => key !== 'service.name') };
}

function toSpan(span, process) {
  const { traceId, spanId, parentSpanId, name, kind = 0, attributes = [], status, links = [] } = span;
  const startTime = toMicroseconds(span.startTimeUnixNano);
  const parent = parentSpanId ? [{ refType: 'CHILD_OF', traceID: traceId, spanID: parentSpanId }] : [];
  const followed = links.map((link) => ({ refType: 'FOLLOWS_FROM', traceID: link.traceId, spanID: link.spanId }));
  const tags = attributes.map(toTag);
  if (KINDS[kind]) tags.push({ key: 'span.kind', type: 'string', value: KINDS[kind] });
  if (status?.code === STATUS_ERROR) tags.push({ key: 'error', type: 'bool', value: true });
  return {
    ...{ traceID: traceId, spanID: spanId, operationName: String(name ?? ''), references: [...parent, ...followed] },
    ...{ startTime, duration: toMicroseconds(span.endTimeUnixNano) - startTime, tags, logs: [], warnings: null },
    process,
  };
}

/** Nanoseconds as decimal text, which are beyond what a number holds. */
function toMicroseconds(nanoseconds) {
  const text = String(nanoseconds ?? '0');
  return /^\d{1,20}$/.test(text) ? Number(BigInt(text) / 1000n) : 0;
}

function toTag({ key, value = {} }) {
  if (value.boolValue !== undefined) return { key, type: 'bool', value: value.boolValue };
  if (value.intValue !== undefined) return { key, type: 'int64', value: Number(value.intValue) };
  if (value.doubleValue !== undefined) return { key, type: 'float64', value: value.doubleValue };
  const list = value.arrayValue?.values?.map((one) => toTag({ key, value: one }).value);
  return { key, type: 'string', value: list ? JSON.stringify(list) : String(value.stringValue ?? '') };
}

function createQuery({ traces }) {
  const serviceOf = ({ process }) => process.serviceName;
  const all = () => [...traces.values()].flat();
  const fine = (data) => ({ status: 200, body: { data, total: data.length, limit: 0, offset: 0, errors: null } });
  const refuse = (status, msg) => ({ status, body: { data: null, total: 0, errors: [{ code: status, msg }] } });
  const operations = (service) =>
    fine(
      [
        ...new Set(
          all()
            .filter((span) => serviceOf(span) === service)
            .map((span) => span.operationName),
        ),
      ].sort(),
    );

  function findTraces(query) {
    const service = query.get('service');
    if (!service) return refuse(400, "parameter 'service' is required");
    const wanted = readTags(query);
    if (wanted === undefined) return refuse(400, "parameter 'tags' is no JSON object");
    const operation = query.get('operation');
    const isFound = (span) =>
      serviceOf(span) === service &&
      (!operation || span.operationName === operation) &&
      wanted.every(([key, value]) => span.tags.some((tag) => tag.key === key && String(tag.value) === String(value)));
    const limit = Math.min(Math.max(1, Number(query.get('limit')) || TRACES_SHOWN), 1_500);
    const found = [...traces].filter(([, spans]) => spans.some(isFound));
    // Jaeger shows the newest first.
    return fine(found.slice(-limit).reverse().map(toTrace));
  }

  return ({ method, pathname, search }) => {
    if (method !== 'GET') return undefined;
    const query = new URLSearchParams(search);
    if (pathname === '/api/services') return fine([...new Set(all().map(serviceOf))].sort());
    if (pathname === '/api/operations') return operations(query.get('service'));
    if (pathname === '/api/traces') return findTraces(query);
    const [, service] = /^\/api\/services\/([^/]+)\/operations$/.exec(pathname) ?? [];
    if (service !== undefined) return operations(service);
    const [, id] = /^\/api\/traces\/([0-9a-f]{1,32})$/.exec(pathname) ?? [];
    if (id === undefined) return undefined;
    const whole = id.padStart(32, '0');
    const spans = traces.get(whole);
    return spans === undefined ? refuse(404, 'trace not found') : fine([toTrace([whole, spans])]);
  };
}

/** `tags={"a":"b"}` and `tag=a:b`, as Jaeger takes them. */
function readTags(query) {
  const pairs = query.getAll('tag').map((text) => text.split(/:(.*)/s).slice(0, 2));
  if (!query.has('tags')) return pairs;
  try {
    return [...pairs, ...Object.entries(JSON.parse(query.get('tags')))];
  } catch {
    return undefined;
  }
}

/** Spans name their process by an id that counts within the trace. */
function toTrace([traceID, spans]) {
  const ids = new Map();
  const processes = {};
  for (const { process } of spans) {
    const key = JSON.stringify(process);
    if (ids.has(key)) continue;
    ids.set(key, `p${ids.size + 1}`);
    processes[ids.get(key)] = process;
  }
  const shown = spans.map(({ process, ...span }) => ({ ...span, processID: ids.get(JSON.stringify(process)) }));
  return { traceID, spans: shown, processes, warnings: null };
}
