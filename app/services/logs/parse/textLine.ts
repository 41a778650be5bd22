// Lines of programs that write text: where the level stands, and where the message begins. One entry a family.
import { findIdsInText, type LineParts, toLevel, toStatusLevel } from './lineParts.ts';

interface TextFormat {
  /** From the first character on. Groups: `level` and `status`; the message begins where the match ends, or at `message`. */
  pattern: RegExp;
  levels?: Readonly<Record<string, LineParts['level']>>;
}

/** `2026-01-02 03:04:05,123`, with `T`, a dot, six digits, a zone. */
const time = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| (?:UTC|MSK|[A-Z]{1,3}T))?`;
const word = String.raw`(?<level>[A-Za-z]{3,13}\d?)`;

const formats: readonly TextFormat[] = [
  // nginx, error log: `2026/01/02 03:04:05 [error] 29#29: *1 connect() failed`.
  { pattern: /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[(?<level>[a-z]{3,7})\] \d+#\d+: (?:\*\d+ )?/ },
  // Common and combined access logs of nginx, Apache, gunicorn: the message is request and status.
  {
    pattern:
      /^(?:[0-9A-Fa-f.:]{2,45}|-) \S{1,64} \S{1,128} \[[^\]]{10,40}\] (?<message>"[^"]{0,400}" (?<status>\d{3}) (?:\d+|-))/,
  },
  // uvicorn and Django: `INFO:     10.0.0.1:5000 - "GET / HTTP/1.1" 200 OK`, `[02/Jan/2026 03:04:05] "GET / HTTP/1.1" 500 9`.
  {
    pattern:
      /^(?:INFO: {1,8}[\d.:a-f]{2,50} - |\[\d\d\/[A-Z][a-z]{2}\/\d{4} [\d:]{8}\] )(?<message>"[^"]{0,400}" (?<status>\d{3}))/,
  },
  // Redis: `1:M 02 Jan 2026 03:04:05.123 * Ready to accept connections`.
  {
    pattern: /^\d+:[XCSM] \d\d [A-Z][a-z]{2} \d{4} [\d:.]{8,12} (?<level>[.*#-]) /,
    levels: { '.': 'debug', '-': 'debug', '*': 'info', '#': 'warn' },
  },
  // klog and glog: `I0102 03:04:05.123456       1 server.go:12] message`.
  {
    pattern: /^(?<level>[IWEF])\d{4} [\d:.]{8,15} {1,8}\d+ [^\s\]]{1,100}:\d+\] /,
    levels: { I: 'info', W: 'warn', E: 'error', F: 'error' },
  },
  // RabbitMQ: `2026-01-02 03:04:05.123456+00:00 [warning] <0.222.0> message`.
  { pattern: new RegExp(String.raw`^${time} \[${word}\] <[\d.]{3,20}> `) },
  // PostgreSQL and PgBouncer: `2026-01-02 03:04:05.123 UTC [27] ERROR:  relation "x" does not exist`.
  {
    pattern: new RegExp(
      String.raw`^${time} \[\d+(?:-\d+)?\](?: [^\s:]{1,100}@[^\s:]{1,100})? (?<level>[A-Z]{3,9}\d?)(?::? {1,2})`,
    ),
  },
  // Elasticsearch: `[2026-01-02T03:04:05,123][WARN ][o.e.c.r.a.DiskThresholdMonitor] [node] message`.
  { pattern: new RegExp(String.raw`^\[${time}\]\[${word} *\]\[[^\]]{1,200}\] ?`) },
  // Celery: `[2026-01-02 03:04:05,123: INFO/MainProcess] message`.
  { pattern: new RegExp(String.raw`^\[${time}: ${word}/[^\]]{1,100}\] `) },
  // gunicorn: `[2026-01-02 03:04:05 +0000] [1] [INFO] message`.
  { pattern: new RegExp(String.raw`^\[${time}\] \[\d+\] \[${word}\] `) },
  // Python's logging, usual in services: `2026-01-02 03:04:05,123 - app.views - ERROR - message`.
  { pattern: new RegExp(String.raw`^${time} - [^\s-]{1,100} - ${word} - `) },
  // Logback and log4j: `2026-01-02 03:04:05.123  INFO 1 --- [main] c.e.App : message`, `… INFO [main] class - message`.
  { pattern: new RegExp(String.raw`^${time} {1,3}\[?${word}\]?:? {1,3}(?:\d{1,7} --- )?`) },
  // Java with the thread first: `03:04:05.123 [main] WARN c.e.App - message`.
  { pattern: new RegExp(String.raw`^(?:${time}|[\d:.,]{8,12}) \[[^\]]{1,100}\] ${word} {1,3}`) },
  // Python's logging as it is without settings: `WARNING:root:message`, and uvicorn's own lines `INFO:     message`.
  { pattern: /^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?:[\w.]{1,100}:| {1,8})/ },
  // A level in brackets, or before a colon, as many small programs write it.
  { pattern: /^\[(?<level>[A-Za-z]{3,9})\]:? / },
  { pattern: /^(?<level>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|PANIC):? / },
];

/** All that the patterns may look at. */
const headLimit = 700;

/** Whatever is not known is a message without a level. */
export function readTextLine(text: string): LineParts {
  const head = text.slice(0, headLimit);
  const ids = findIdsInText(text.slice(0, 4096));
  for (const { pattern, levels } of formats) {
    const match = pattern.exec(head);
    if (!match) continue;
    const { level: written, status, message } = match.groups ?? {};
    const level =
      status === undefined
        ? levels
          ? (levels[written ?? ''] ?? null)
          : toLevel(written)
        : toStatusLevel(Number(status));
    // A word that is no level: the line is of another family that looks alike.
    if (level === null && status === undefined) continue;
    return {
      level,
      message: message === undefined ? text.slice(match[0].length) : text.slice(text.indexOf(message)),
      fields: [],
      ...ids,
    };
  }
  return { level: null, message: text, fields: [], ...ids };
}
