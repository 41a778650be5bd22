import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logLevels } from '../../../contract/index.ts';
import { readLine } from './readLine.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('a line of a log', () => {
  test.each<[family: string, text: string, level: string | null, message: string]>([
    ['our services', `{"level":"warn","time":"2026-01-02T03:04:05Z","service":"x","message":"slow"}`, 'warn', 'slow'],
    ['the gateway', '{"time":"2026-01-02T03:04:05Z","level":"info","msg":"listening"}', 'info', 'listening'],
    [
      'the access log of the gateway',
      `{"time":"2026-01-02T03:04:05Z","log":"access","id":"01J8","method":"GET","path":"/api/x","status":503,"code":"breaker-open"}`,
      'error',
      'GET /api/x → 503 breaker-open',
    ],
    ['an aborted exchange', '{"log":"access","method":"GET","path":"/a","status":null}', null, 'GET /a → no answer'],
    ['the edge', '{"request_method":"GET","path":"/","status":429}', 'warn', 'GET / → 429'],
    ['pino', '{"level":50,"time":1,"msg":"boom"}', 'error', 'boom'],
    ['pino, trace', '{"level":10,"msg":"x"}', 'debug', 'x'],
    ['a level of no family', '{"level":"loud","msg":"x"}', null, 'x'],
    ['ECS', '{"@timestamp":"x","log.level":"WARN","message":"m"}', 'warn', 'm'],
    ['ECS, nested', '{"log":{"level":"error"},"message":"m"}', 'error', 'm'],
    ['JSON that is cut', '{"level":"error","msg":"x', null, '{"level":"error","msg":"x'],
    ['an array', '[1]', null, '[1]'],
    ['logfmt', 'ts=2026-01-02T03:04:05Z level=warn msg="a \\"b\\" c" n=1', 'warn', 'a "b" c'],
    ['logfmt without a message', 'level=info component=x', 'info', ''],
    ['pairs that are no log', 'a=1 b=2', null, 'a=1 b=2'],
    ['nginx, errors', '2026/01/02 03:04:05 [error] 29#29: *1 connect() failed', 'error', 'connect() failed'],
    [
      'nginx, combined',
      '10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8"',
      'error',
      '"GET /a HTTP/1.1" 502 157 "-" "curl/8"',
    ],
    [
      'IPv6, combined',
      '::1 - bob [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 1',
      'info',
      '"GET / HTTP/1.1" 200 1',
    ],
    [
      'PostgreSQL',
      '2026-01-02 03:04:05.123 UTC [27] ERROR:  relation "x" does not exist',
      'error',
      'relation "x" does not exist',
    ],
    ['PostgreSQL, LOG', '2026-01-02 03:04:05.123 UTC [1] LOG:  ready', 'info', 'ready'],
    [
      'PostgreSQL, a continuation',
      '2026-01-02 03:04:05.123 UTC [1] STATEMENT:  select 1',
      null,
      '2026-01-02 03:04:05.123 UTC [1] STATEMENT:  select 1',
    ],
    ['PgBouncer', '2026-01-02 03:04:05.123 UTC [1] WARNING pool is full', 'warn', 'pool is full'],
    ['Redis', '1:M 02 Jan 2026 03:04:05.123 * Ready', 'info', 'Ready'],
    ['Redis, a warning', '1:C 02 Jan 2026 03:04:05.123 # WARNING overcommit', 'warn', 'WARNING overcommit'],
    ['RabbitMQ', '2026-01-02 03:04:05.123456+00:00 [notice] <0.44.0> Logging: ok', 'info', 'Logging: ok'],
    ['Elasticsearch', '[2026-01-02T03:04:05,123][WARN ][o.e.c.Disk    ] [n1] high', 'warn', '[n1] high'],
    ['Logback', '2026-01-02 03:04:05.123  ERROR 1 --- [main] c.e.App : boom', 'error', '[main] c.e.App : boom'],
    ['log4j', '2026-01-02 03:04:05,123 INFO [main] App - up', 'info', '[main] App - up'],
    ['Java, the thread first', '03:04:05.123 [main] DEBUG c.e.App - x', 'debug', 'c.e.App - x'],
    ['tracing of Rust', '2026-01-02T03:04:05.123456Z  INFO qdrant::actix: up', 'info', 'qdrant::actix: up'],
    ['klog', 'E0102 03:04:05.123456       1 server.go:12] failed', 'error', 'failed'],
    ['Python', 'WARNING:django.request:Not Found: /x', 'warn', 'Not Found: /x'],
    ['Python, with names', '2026-01-02 03:04:05,123 - app.views - CRITICAL - down', 'error', 'down'],
    ['uvicorn', 'INFO:     10.0.0.1:5000 - "GET / HTTP/1.1" 500', 'error', '"GET / HTTP/1.1" 500'],
    ['gunicorn', '[2026-01-02 03:04:05 +0000] [1] [INFO] Booting', 'info', 'Booting'],
    ['Celery', '[2026-01-02 03:04:05,123: ERROR/MainProcess] lost', 'error', 'lost'],
    ['a level in brackets', '[warn] careful', 'warn', 'careful'],
    ['a word that is no level', '[main] careful', null, '[main] careful'],
    ['plain text', 'ERRORS happen', null, 'ERRORS happen'],
    ['nothing', '', null, ''],
  ])('of %s', (_family, text, level, message) => {
    expect(readLine(text)).toMatchObject({ level, message });
  });

  test.each([
    ['of our services', `{"trace_id":"${trace}","message":"x"}`],
    ['of the gateway', `{"traceId":"${trace.toUpperCase()}"}`],
    ['of ECS', `{"trace":{"id":"${trace}"}}`],
    ['in a traceparent', `{"traceparent":"00-${trace}-00f067aa0ba902b7-01"}`],
    ['in pairs', `level=info trace_id=${trace}`],
    ['in text', `GET / failed [traceId: ${trace}]`],
  ])('the id of its trace %s', (_where, text) => {
    expect(readLine(text).traceId).toBe(trace);
  });

  test.each(['{"trace_id":"0000000000000000"}', '{"trace_id":7}', 'trace_id=none', `{"x":"${trace}"}`])(
    'no id of a trace in %s',
    (text) => {
      expect(readLine(text).traceId).toBeNull();
    },
  );

  test.each([
    ['{"log":"access","id":"01J8X","method":"GET"}', '01J8X'],
    ['{"request_id":"abc"}', 'abc'],
    ['level=info req_id=r-1', 'r-1'],
    ['{"id":"7"}', null],
  ])('the id of its request in %s is %s', (text, id) => {
    expect(readLine(text).requestId).toBe(id);
  });

  test('fields are what is not said elsewhere, bounded in number and length', () => {
    expect(readLine('{"level":"info","msg":"m","ms":3,"err":{"code":"E"},"service":"s"}').fields).toEqual([
      ['ms', '3'],
      ['err', '{"code":"E"}'],
    ]);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x'.repeat(5000)]));
    const { fields } = readLine(JSON.stringify({ msg: 'm', ...many }));
    expect(fields).toHaveLength(24);
    expect(fields[0]?.[1]).toHaveLength(500);
  });

  test('what JSON hides in escapes does not steer a terminal', () => {
    const { message, fields } = readLine('{"msg":"a\\u001b[31mb\\u009b2J","x":"\\u001b]0;t\\u0007y"}');
    expect([message, fields]).toEqual(['ab2J', [['x', 'y']]]);
  });

  const word = fc.constantFrom(
    '{',
    '}',
    '"',
    'level',
    '=',
    ':',
    '[',
    ']',
    ' ',
    'INFO',
    '2026-01-02 03:04:05',
    '-',
    'x',
    '\\',
  );
  test('whatever it is, it has a message that is told, and a level that is known or none', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 20 }), (words) => {
        const { level, message } = readLine(words.join(''));
        expect(level === null || logLevels.includes(level)).toBe(true);
        expect(typeof message).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});
