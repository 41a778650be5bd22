import { expect, test } from 'vitest';
import { createPreviews } from './bodyPreview.ts';
import { createRedaction } from './redact.ts';

const redaction = createRedaction({ headers: [], query: ['sig'], fields: ['password', 'pin'] });

function preview(type: string, body: string | Buffer, limit = 1_000) {
  const previews = createPreviews({ bodyPreviewBytes: limit, runningBytes: limit });
  const running = previews.begin([['Content-Type', type]]);
  for (const byte of Buffer.from(body)) running?.add(Buffer.from([byte]));
  return running?.finish(redaction);
}

test.each<[type: string, body: string, text: string]>([
  ['application/json', '{"password":"x","a":1}', '{"password":"[redacted]","a":1}'],
  ['application/problem+json; charset=utf-8', '{"user":{"PIN":1}}', '{"user":{"PIN":"[redacted]"}}'],
  ['application/x-ndjson', '{"pin":1}\n{"b":2}\n', '{"pin":"[redacted]"}\n{"b":2}\n'],
  ['application/x-www-form-urlencoded', 'a=1&password=x&sig=y', 'a=1&password=[redacted]&sig=[redacted]'],
  ['text/plain', 'password: x; pin = "y", size=3', 'password: [redacted]; pin = "[redacted]", size=3'],
  ['text/plain', 'Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
  ['text/xml', '<a><password x="1">x y</password><b>2</b></a>', '<a><password x="1">[redacted]</password><b>2</b></a>'],
  ['text/html', '<p>käse</p>', '<p>käse</p>'],
])('%s: %s', (type, body, text) => {
  expect(preview(type, body)).toEqual({ contentType: type, text, isCut: false });
});

test.each(['image/png', 'application/octet-stream', 'multipart/form-data; boundary=x', 'text/event-stream', ''])(
  '%j is not kept',
  (type) => {
    expect(preview(type, 'body')).toBeUndefined();
  },
);

test('what is compressed is not kept', () => {
  const previews = createPreviews({ bodyPreviewBytes: 10, runningBytes: 100 });
  const headers = [
    ['content-type', 'text/plain'],
    ['content-encoding', 'gzip'],
  ] as const;
  expect(previews.begin(headers)).toBeNull();
});

test('a body is cut at the limit, never within a character, and never so that a secret shows', () => {
  expect(preview('text/plain', 'käse', 2)).toEqual({ contentType: 'text/plain', text: 'k', isCut: true });
  expect(preview('application/json', '{"password":"longsecret"}', 16)?.text).toBe('{"password":"[redacted]"');
  expect(preview('text/plain', 'abc', 3)).toEqual({ contentType: 'text/plain', text: 'abc', isCut: false });
  expect(preview('text/plain', 'k\xe4se')?.text).toBe('käse');
  expect(preview('text/plain; charset=ISO-8859-1', Buffer.from('k\xe4se', 'latin1'))?.text).toBe('käse');
});

test('bodies that run have a bound together, and give their room back', () => {
  const previews = createPreviews({ bodyPreviewBytes: 10, runningBytes: 25 });
  const headers = [['content-type', 'text/plain']] as const;
  const [first, second] = [previews.begin(headers), previews.begin(headers)];
  expect(second).not.toBeNull();
  expect(previews.begin(headers)).toBeNull();
  first?.finish(redaction);
  expect(previews.begin(headers)).not.toBeNull();
});

test('text that is made to be slow to read is read at once', () => {
  const began = performance.now();
  for (const unit of ['<pin ', 'pin ', '<pin\t', "'pin", 'pin=', 'Bearer  '])
    preview('text/plain', '', 1) ?? redactAll(unit);
  expect(performance.now() - began).toBeLessThan(5_000);
});

function redactAll(unit: string): void {
  const previews = createPreviews({ bodyPreviewBytes: 65_536, runningBytes: 65_536 });
  const running = previews.begin([['content-type', 'text/plain']]);
  running?.add(Buffer.from(unit.repeat(Math.floor(65_536 / unit.length))));
  running?.finish(redaction);
}
