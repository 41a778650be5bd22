// Requests as bytes, malformed or ambiguous, and what has to become of each: a refusal, or one well-framed request.

/** What the upstream gets, and nothing else. */
interface Forwarded {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** A status: the first answer is that refusal. A list: those requests and no others reach the upstream. */
type Outcome = number | readonly Forwarded[];

type RawRequest = readonly [name: string, bytes: string, outcome: Outcome];

const HOST = 'Host: shop\r\n';
const CLOSE = 'Connection: close\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

const get = (fields: string, line = 'GET /app/x HTTP/1.1') => `${line}\r\n${HOST}${CLOSE}${fields}\r\n`;
const post = (fields: string, body: string, line = 'POST /app/x HTTP/1.1') => `${line}\r\n${HOST}${CLOSE}${fields}\r\n${body}`; // biome-ignore format: one line
const seen = (method: string, target = '/x', body = ''): Forwarded => ({ method, target, body });
const PASSES = [seen('GET')];
const POSTED = [seen('POST', '/x', 'hello')];
/** A whole request in the place of a body. */
const SMUGGLED = 'GET /app/smuggled HTTP/1.1\r\nHost: shop\r\n\r\n';
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'; // biome-ignore format: one line

const lengths: RawRequest[] = [
  ['CL.TE', post(`Content-Length: 5\r\n${CHUNKED}`, `0\r\n\r\n${SMUGGLED}`), 400],
  ['TE.CL', post(`${CHUNKED}Content-Length: 5\r\n`, `0\r\n\r\n${SMUGGLED}`), 400],
  ['CL.TE, zero', post(`Content-Length: 0\r\n${CHUNKED}`, `0\r\n\r\n`), 400],
  ['two lengths that differ', post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello!'), 400],
  ['two lengths alike', post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'), 400],
  ['two lengths, one empty', post('Content-Length: 5\r\nContent-Length:\r\n', 'hello'), 400],
  ['two lengths in other cases', post('content-length: 5\r\nCONTENT-LENGTH: 5\r\n', 'hello'), 400],
  ['a list of lengths', post('Content-Length: 5, 5\r\n', 'hello'), 400],
  ['a list of lengths that differ', post('Content-Length: 5, 6\r\n', 'hello!'), 400],
  ['a length with a comma behind', post('Content-Length: 5,\r\n', 'hello'), 400],
  ['a length with a plus', post('Content-Length: +5\r\n', 'hello'), 400],
  ['a negative length', post('Content-Length: -5\r\n', 'hello'), 400],
  ['minus zero', post('Content-Length: -0\r\n', ''), 400],
  ['a hexadecimal length', post('Content-Length: 0x5\r\n', 'hello'), 400],
  ['a length with an exponent', post('Content-Length: 5e0\r\n', 'hello'), 400],
  ['a length with a fraction', post('Content-Length: 5.0\r\n', 'hello'), 400],
  ['a length with an underscore', post('Content-Length: 1_0\r\n', 'hellohello'), 400],
  ['a length with a space inside', post('Content-Length: 1 0\r\n', 'hellohello'), 400],
  ['a length in quotes', post('Content-Length: "5"\r\n', 'hello'), 400],
  ['a length in other digits', post('Content-Length: \xb2\r\n', 'he'), 400],
  ['an empty length', post('Content-Length:\r\n', ''), 400],
  ['a length of spaces', post('Content-Length:   \r\n', ''), 400],
  ['a word as length', post('Content-Length: five\r\n', 'hello'), 400],
  ['a length beyond 64 bits', post('Content-Length: 18446744073709551621\r\n', 'hello'), 400],
  ['a length beyond the limit of the route', post('Content-Length: 999999999999\r\n', 'hello'), 413],
  ['a length beyond what a number can hold', post('Content-Length: 9007199254740993\r\n', 'hello'), 400],
  ['a length with zeros in front', post('Content-Length: 0005\r\n', 'hello'), POSTED],
  ['a length with spaces around', post('Content-Length: \t 5 \t\r\n', 'hello'), POSTED],
  ['a length without a space', post('Content-Length:5\r\n', 'hello'), POSTED],
  ['a length of zero', post('Content-Length: 0\r\n', ''), [seen('POST')]],
  ['a length on GET', post('Content-Length: 5\r\n', 'hello', 'GET /app/x HTTP/1.1'), [seen('GET', '/x', 'hello')]],
  ['a length with a vertical tab', post('Content-Length: \x0b5\r\n', 'hello'), 400],
  ['a length with a form feed behind', post('Content-Length: 5\x0c\r\n', 'hello'), 400],
  ['bytes behind the length, which are another request', post('Content-Length: 5\r\n', `hello${SMUGGLED}`), POSTED],
  ['a length and a smuggled request as its body', post(`Content-Length: ${SMUGGLED.length}\r\n`, SMUGGLED), [seen('POST', '/x', SMUGGLED)]], // biome-ignore format: one line
  ['a length named with an underscore', post('Content_Length: 5\r\n', ''), [seen('POST')]],
];

const encodings: RawRequest[] = [
  ['gzip, chunked', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), 400],
  ['chunked, gzip', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 400],
  ['chunked, chunked', post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'), 400],
  ['chunked, identity', post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'), 400],
  ['two fields, chunked and identity', post(`${CHUNKED}Transfer-Encoding: identity\r\n`, '0\r\n\r\n'), 400],
  ['two fields, identity and chunked', post(`Transfer-Encoding: identity\r\n${CHUNKED}`, '0\r\n\r\n'), 400],
  ['two fields, both chunked', post(`${CHUNKED}${CHUNKED}`, '0\r\n\r\n'), 400],
  ['identity', post('Transfer-Encoding: identity\r\n', ''), 400],
  ['an unknown coding', post('Transfer-Encoding: magic\r\n', ''), 400],
  ['xchunked', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
  ['chunkedx', post('Transfer-Encoding: chunkedx\r\n', '0\r\n\r\n'), 400],
  ['chunked with a parameter', post('Transfer-Encoding: chunked;q=1\r\n', '0\r\n\r\n'), 400],
  ['chunked in quotes', post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n'), 400],
  ['chunked with a comma in front', post('Transfer-Encoding: , chunked\r\n', '0\r\n\r\n'), 400],
  ['chunked with a comma behind', post('Transfer-Encoding: chunked,\r\n', '0\r\n\r\n'), 400],
  ['chunked behind a vertical tab', post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'), 400],
  ['chunked before a form feed', post('Transfer-Encoding: chunked\x0c\r\n', '0\r\n\r\n'), 400],
  ['chunked before a NUL', post('Transfer-Encoding: chunked\0\r\n', '0\r\n\r\n'), 400],
  ['chunked with a byte above 127', post('Transfer-Encoding: chunked\xa0\r\n', '0\r\n\r\n'), 400],
  ['an empty coding', post('Transfer-Encoding:\r\n', ''), 400],
  ['chunked on a folded line', post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'), 400],
  ['a space before the colon', post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n'), 400],
  ['a tab before the colon', post('Transfer-Encoding\t: chunked\r\n', '0\r\n\r\n'), 400],
  ['a space before the name', post(' Transfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
  ['a bare LF before the name', post('X-A: b\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
  ['a bare CR before the name', post('X-A: b\rTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
  ['a NUL in the name', post('Transfer-Encoding\0: chunked\r\n', '0\r\n\r\n'), 400],
  ['the name with an underscore', post('Transfer_Encoding: chunked\r\n', ''), [seen('POST')]],
  ['the name with an underscore, and a length', post('Transfer_Encoding: chunked\r\nContent-Length: 5\r\n', 'hello'), POSTED], // biome-ignore format: one line
  ['with HTTP/1.0', post(CHUNKED, '0\r\n\r\n', 'POST /app/x HTTP/1.0'), 400],
  ['Chunked', post('Transfer-Encoding: Chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'), POSTED],
  ['spaces around chunked', post('Transfer-Encoding: \t chunked \r\n', '5\r\nhello\r\n0\r\n\r\n'), POSTED],
  ['listed in Connection', post(`Connection: Transfer-Encoding\r\n${CHUNKED}`, '5\r\nhello\r\n0\r\n\r\n'), POSTED],
  ['on GET', post(CHUNKED, '5\r\nhello\r\n0\r\n\r\n', 'GET /app/x HTTP/1.1'), [seen('GET', '/x', 'hello')]],
  ['TE: chunked alone', post('TE: chunked\r\n', ''), [seen('POST')]],
];

const chunked = (body: string) => post(CHUNKED, body);
const chunks: RawRequest[] = [
  ['two chunks', chunked('2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'), POSTED],
  ['a size with zeros in front', chunked('0005\r\nhello\r\n000\r\n\r\n'), POSTED],
  ['a size in upper case', chunked('A\r\nhellohello\r\n0\r\n\r\n'), [seen('POST', '/x', 'hellohello')]],
  ['an extension', chunked('5;a=b\r\nhello\r\n0\r\n\r\n'), POSTED],
  ['an extension in quotes', chunked('5;a="b c"\r\nhello\r\n0\r\n\r\n'), POSTED],
  ['an extension with a line end in quotes', chunked('5;a="b\r\nhello\r\n0\r\n\r\n'), 400],
  ['an extension with a bare LF', chunked('5;a=b\nhello\r\n0\r\n\r\n'), 400],
  ['an extension with a bare CR', chunked('5;a\rb\r\nhello\r\n0\r\n\r\n'), 400],
  ['an extension with a NUL', chunked('5;a=\0\r\nhello\r\n0\r\n\r\n'), 400],
  ['an extension on the last chunk', chunked('5\r\nhello\r\n0;a=b\r\n\r\n'), POSTED],
  ['endless extensions', chunked(`5;a=${'b'.repeat(70_000)}\r\nhello\r\n0\r\n\r\n`), 400],
  ['a space behind the size', chunked('5 \r\nhello\r\n0\r\n\r\n'), 400],
  ['a tab behind the size', chunked('5\t\r\nhello\r\n0\r\n\r\n'), 400],
  ['a space before the size', chunked(' 5\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size with 0x', chunked('0x5\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size with a sign', chunked('+5\r\nhello\r\n0\r\n\r\n'), 400],
  ['a negative size', chunked('-5\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size that is no number', chunked('g\r\nhello\r\n0\r\n\r\n'), 400],
  ['no size', chunked('\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size beyond 64 bits', chunked('10000000000000005\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size that wraps 32 bits', chunked('100000005\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size larger than its chunk', chunked('6\r\nhello\r\n0\r\n\r\n'), 400],
  ['a size smaller than its chunk', chunked('4\r\nhello\r\n0\r\n\r\n'), 400],
  ['a bare LF behind the size', chunked('5\nhello\r\n0\r\n\r\n'), 400],
  ['a bare CR behind the size', chunked('5\rhello\r\n0\r\n\r\n'), 400],
  ['a bare LF behind the data', chunked('5\r\nhello\n0\r\n\r\n'), 400],
  ['a bare LF behind the last size', chunked('5\r\nhello\r\n0\n\r\n'), 400],
  ['a bare LF at the end', chunked('5\r\nhello\r\n0\r\n\n'), 400],
  ['nothing behind the data', chunked('5\r\nhello0\r\n\r\n'), 400],
  ['no end', chunked('5\r\nhello\r\n'), 400],
  ['trailers', chunked('5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n'), POSTED],
  ['trailers that frame', chunked('5\r\nhello\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: gzip\r\n\r\n'), 400],
  ['trailers that claim', chunked('5\r\nhello\r\n0\r\nHost: evil\r\nX-Forwarded-For: 9.9.9.9\r\nAuthorization: x\r\n\r\n'), POSTED], // biome-ignore format: one line
  ['a folded trailer', chunked('5\r\nhello\r\n0\r\nX-Sum: 1\r\n 2\r\n\r\n'), 400],
  ['a trailer with a bare LF', chunked('5\r\nhello\r\n0\r\nX-Sum: 1\n\r\n'), 400],
  ['a trailer without a colon', chunked('5\r\nhello\r\n0\r\nX-Sum\r\n\r\n'), 400],
  ['endless trailers', chunked(`5\r\nhello\r\n0\r\nX-Sum: ${'a'.repeat(20_000)}\r\n\r\n`), 431],
  ['another request behind the end', chunked(`5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`), POSTED],
];

const hosts: RawRequest[] = [
  ['no Host', `GET /app/x HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ['two Hosts', get('Host: other\r\n'), 400],
  ['two Hosts alike', get('Host: shop\r\n'), 400],
  ['a Host in another case besides', get('hOST: other\r\n'), 400],
  ['a Host with a user', 'GET /app/x HTTP/1.1\r\nHost: shop@evil\r\n\r\n', 400],
  ['a Host with a path', 'GET /app/x HTTP/1.1\r\nHost: shop/evil\r\n\r\n', 400],
  ['a Host with a query', 'GET /app/x HTTP/1.1\r\nHost: shop?evil\r\n\r\n', 400],
  ['a Host with a fragment', 'GET /app/x HTTP/1.1\r\nHost: shop#evil\r\n\r\n', 400],
  ['a Host with a space', 'GET /app/x HTTP/1.1\r\nHost: shop evil\r\n\r\n', 400],
  ['a Host with a comma', 'GET /app/x HTTP/1.1\r\nHost: shop,evil\r\n\r\n', 400],
  ['a Host with a backslash', 'GET /app/x HTTP/1.1\r\nHost: shop\\evil\r\n\r\n', 400],
  ['a Host with an escape', 'GET /app/x HTTP/1.1\r\nHost: sh%6fp\r\n\r\n', 400],
  ['a Host with a scheme', 'GET /app/x HTTP/1.1\r\nHost: http://shop\r\n\r\n', 400],
  ['a Host with a long port', 'GET /app/x HTTP/1.1\r\nHost: shop:123456\r\n\r\n', 400],
  ['a Host with a word as port', 'GET /app/x HTTP/1.1\r\nHost: shop:http\r\n\r\n', 400],
  ['a Host with two ports', 'GET /app/x HTTP/1.1\r\nHost: shop:80:81\r\n\r\n', 400],
  ['a Host of open brackets', 'GET /app/x HTTP/1.1\r\nHost: [::1\r\n\r\n', 400],
  ['a Host with bytes above 127', 'GET /app/x HTTP/1.1\r\nHost: sh\xf6p\r\n\r\n', 400],
  ['a folded Host', 'GET /app/x HTTP/1.1\r\nHost: shop\r\n evil\r\n\r\n', 400],
  ['a Host with a tab in it', 'GET /app/x HTTP/1.1\r\nHost: shop\tevil\r\n\r\n', 400],
  ['an empty Host', `GET /app/x HTTP/1.1\r\nHost:\r\n${CLOSE}\r\n`, PASSES],
  ['a Host with a port', `GET /app/x HTTP/1.1\r\nHost: shop:8443\r\n${CLOSE}\r\n`, PASSES],
  ['a Host of IPv6', `GET /app/x HTTP/1.1\r\nHost: [::1]:80\r\n${CLOSE}\r\n`, PASSES],
  ['a Host with an underscore besides', get('Ho_st: evil\r\n'), PASSES],
  ['a URL as target', get('', 'GET http://shop/app/x HTTP/1.1'), PASSES],
  ['a URL in other case', get('', 'GET HTTP://SHOP/app/x HTTP/1.1'), PASSES],
  ['a URL with another host', get('', 'GET http://other/app/x HTTP/1.1'), 400],
  ['a URL with another port', get('', 'GET http://shop:81/app/x HTTP/1.1'), 400],
  ['a URL with a user', get('', 'GET http://u@shop/app/x HTTP/1.1'), 400],
  ['a URL without a host', get('', 'GET http:///app/x HTTP/1.1'), 400],
  ['a URL with another scheme', get('', 'GET ftp://shop/app/x HTTP/1.1'), 400],
  ['a URL of a file', get('', 'GET file:///etc/passwd HTTP/1.1'), 400],
  ['a URL without Host, HTTP/1.0', 'GET http://shop/app/x HTTP/1.0\r\n\r\n', PASSES],
  ['a URL with a strange host, HTTP/1.0', 'GET http://shop,evil/app/x HTTP/1.0\r\n\r\n', 400],
];

const lines: RawRequest[] = [
  ['HTTP/0.9', 'GET /app/x\r\n\r\n', 505],
  ['HTTP/1.2', get('', 'GET /app/x HTTP/1.2'), 400],
  ['HTTP/2.0', get('', 'GET /app/x HTTP/2.0'), 505],
  ['HTTP/1', get('', 'GET /app/x HTTP/1'), 400],
  ['HTTP/11', get('', 'GET /app/x HTTP/11'), 400],
  ['HTTP/01.1', get('', 'GET /app/x HTTP/01.1'), 400],
  ['HTTP/1.1 with text behind', get('', 'GET /app/x HTTP/1.1 x'), 400],
  ['http/1.1', get('', 'GET /app/x http/1.1'), 400],
  ['another protocol', get('', 'GET /app/x HTCPCP/1.0'), 400],
  ['RTSP', get('', 'GET /app/x RTSP/1.0'), 400],
  ['ICE', get('', 'SOURCE /app/x ICE/1.0'), 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['the PROXY protocol', `PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n${get('')}`, 400],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 400],
  ['a method in lower case', get('', 'get /app/x HTTP/1.1'), 400],
  ['an unknown method', get('', 'MAGIC /app/x HTTP/1.1'), 400],
  ['a method with a control character', get('', 'G\x01T /app/x HTTP/1.1'), 400],
  ['no method', get('', ' /app/x HTTP/1.1'), 400],
  ['no target', get('', 'GET HTTP/1.1'), 400],
  ['no space behind the method', get('', 'GET/app/x HTTP/1.1'), 400],
  ['no space before the version', get('', 'GET /app/xHTTP/1.1'), 505],
  // RFC 9112, 3 lets a server take any number; whoever splits at each sees another target.
  ['two spaces behind the method', get('', 'GET  /app/x HTTP/1.1'), 400],
  ['two spaces before the version', get('', 'GET /app/x  HTTP/1.1'), 400],
  ['a tab behind the method', get('', 'GET\t/app/x HTTP/1.1'), 400],
  ['a tab before the version', get('', 'GET /app/x\tHTTP/1.1'), 400],
  ['a space behind the version', get('', 'GET /app/x HTTP/1.1 '), 400],
  ['a space in the target', get('', 'GET /app/x y HTTP/1.1'), 400],
  ['a tab in the target', get('', 'GET /app/x\ty HTTP/1.1'), 400],
  ['a NUL in the target', get('', 'GET /app/x\0y HTTP/1.1'), 400],
  ['a control character in the target', get('', 'GET /app/x\x01y HTTP/1.1'), 400],
  ['DEL in the target', get('', 'GET /app/x\x7fy HTTP/1.1'), 400],
  ['a fragment in the target', get('', 'GET /app/x#y HTTP/1.1'), 400],
  ['a backslash in the target', get('', 'GET /app\\x HTTP/1.1'), 400],
  ['a target without a slash', get('', 'GET app/x HTTP/1.1'), 400],
  ['a dot as target', get('', 'GET . HTTP/1.1'), 400],
  ['an authority as target', get('', 'GET shop:80 HTTP/1.1'), 400],
  ['* as target of GET', get('', 'GET * HTTP/1.1'), 400],
  ['* as target of OPTIONS', get('', 'OPTIONS * HTTP/1.1'), 204],
  ['a URL without a path for OPTIONS', get('', 'OPTIONS http://shop HTTP/1.1'), 204],
  ['a very long target', get('', `GET /app/${'x'.repeat(20_000)} HTTP/1.1`), 431],
  ['a very long method', `${'A'.repeat(20_000)} /app/x HTTP/1.1\r\n\r\n`, 400],
  ['a bare LF as line end', 'GET /app/x HTTP/1.1\nHost: shop\n\n', 400],
  ['a bare CR as line end', 'GET /app/x HTTP/1.1\rHost: shop\r\r', 400],
  ['CR CR LF as line end', 'GET /app/x HTTP/1.1\r\r\nHost: shop\r\n\r\n', 400],
  ['a query with every odd byte', get('', 'GET /app/x?a=b%zz&c=[]{}|\\^`<>"\' HTTP/1.1'), [seen('GET', '/x?a=b%zz&c=[]{}|\\^`<>"\'')]], // biome-ignore format: one line
  ['a query with a second question mark', get('', 'GET /app/x?a?b HTTP/1.1'), [seen('GET', '/x?a?b')]],
  ['empty lines before the request', `\r\n\r\n${get('')}`, PASSES],
  ['a bare LF before the request', `\n${get('')}`, PASSES],
  ['a space before the request', ` ${get('')}`, 400],
  ['CONNECT', get('', 'CONNECT shop:80 HTTP/1.1'), 405],
  ['TRACE', get('', 'TRACE /app/x HTTP/1.1'), 405],
];

const fields: RawRequest[] = [
  ['a folded field', get('X-A: one\r\n two\r\n'), 400],
  ['a field folded with a tab', get('X-A: one\r\n\ttwo\r\n'), 400],
  ['a first field that is folded', `GET /app/x HTTP/1.1\r\n Host: shop\r\n\r\n`, 400],
  ['a field without a colon', get('X-A\r\n'), 400],
  ['a field without a name', get(': one\r\n'), 400],
  ['a name with a space', get('X A: one\r\n'), 400],
  ['a name with a space behind', get('X-A : one\r\n'), 400],
  ['a name with brackets', get('X(A): one\r\n'), 400],
  ['a name with a slash', get('X/A: one\r\n'), 400],
  ['a name with a quote', get('X"A: one\r\n'), 400],
  ['a name with a byte above 127', get('X-\xc4: one\r\n'), 400],
  ['a name with a control character', get('X-\x01: one\r\n'), 400],
  ['a value with a bare LF', get('X-A: one\ntwo\r\n'), 400],
  ['a value with a bare CR', get('X-A: one\rtwo\r\n'), 400],
  ['a value with a NUL', get('X-A: one\0two\r\n'), 400],
  ['a value with a control character', get('X-A: one\x01two\r\n'), 400],
  ['a value with DEL', get('X-A: one\x7ftwo\r\n'), 400],
  ['a value with bytes above 127', get('X-A: \xc3\xa9\r\n'), PASSES],
  ['an empty value', get('X-A:\r\n'), PASSES],
  ['a value with a tab', get('X-A: one\ttwo\r\n'), PASSES],
  ['a long value', get(`X-A: ${'a'.repeat(20_000)}\r\n`), 431],
  ['many fields', get('X-A: 1\r\n'.repeat(300)), 431],
  ['a bare LF before the end', `GET /app/x HTTP/1.1\r\n${HOST}\n`, 400],
  ['two Authorizations', get('Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'), 400],
  ['two Content-Types', post('Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 5\r\n', 'hello'), 400],
  ['two Ranges', get('Range: bytes=0-1\r\nRange: bytes=5-6\r\n'), 400],
  ['two Origins', get('Origin: https://a\r\nOrigin: https://b\r\n'), 400],
  ['two Cookies', get('Cookie: a=1\r\nCookie: b=2\r\n'), PASSES],
  ['an unknown expectation', post('Expect: magic\r\nContent-Length: 5\r\n', 'hello'), 417],
  ['two expectations', post('Expect: 100-continue, magic\r\nContent-Length: 5\r\n', 'hello'), 417],
  ['a Max-Forwards that is no number', get('Max-Forwards: x\r\n', 'OPTIONS /app/x HTTP/1.1'), 400],
  ['a Max-Forwards of zero', get('Max-Forwards: 0\r\n', 'OPTIONS /app/x HTTP/1.1'), 204],
  [
    'a Connection that lists framing',
    post('Connection: Content-Length, Host\r\nContent-Length: 5\r\n', 'hello'),
    POSTED,
  ],
  ['fields of the hop', get('TE: trailers\r\nTrailer: X\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nProxy-Authorization: x\r\n'), PASSES], // biome-ignore format: one line
  ['HTTP/1.0', get('', 'GET /app/x HTTP/1.0'), PASSES],
  ['HTTP/1.0 without Host', 'GET /app/x HTTP/1.0\r\n\r\n', PASSES],
  ['a body with HTTP/1.0', post('Content-Length: 5\r\n', 'hello', 'POST /app/x HTTP/1.0'), POSTED],
  ['a length with HTTP/1.0 that is kept alive', `POST /app/x HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhelloGET /app/y HTTP/1.0\r\n\r\n`, [seen('POST', '/x', 'hello'), seen('GET', '/y')]], // biome-ignore format: one line
];

const ONE = `GET /app/1 HTTP/1.1\r\n${HOST}\r\n`;
const pipelines: RawRequest[] = [
  ['three requests', ONE + ONE + get(''), [seen('GET', '/1'), seen('GET', '/1'), seen('GET')]],
  ['a request behind one with Connection: close', get('') + ONE, PASSES],
  ['bytes behind one with Connection: close', `${get('')}\0\xff garbage`, PASSES],
  ['bytes behind a request', `${ONE}garbage\r\n\r\n`, [seen('GET', '/1')]],
  [
    'a malformed request behind a good one',
    `${ONE}GET /app/x HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`,
    [seen('GET', '/1')],
  ],
  ['CL.TE behind a good one', ONE + post(`Content-Length: 5\r\n${CHUNKED}`, `0\r\n\r\n${SMUGGLED}`), [seen('GET', '/1')]], // biome-ignore format: one line
  ['a refused body, and a request in it', post('Content-Length: 99999999\r\n', SMUGGLED), 413],
  ['a refused body that ends, and a request behind it', `POST /nowhere HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello${SMUGGLED}`, 404], // biome-ignore format: one line
  ['a GET whose length hides a request', `GET /app/x HTTP/1.1\r\n${HOST}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}${get('')}`, [seen('GET', '/x', SMUGGLED), seen('GET')]], // biome-ignore format: one line
  ['an upgrade with a body', `GET /app/x HTTP/1.1\r\n${HOST}${UPGRADE}Content-Length: 5\r\n\r\nhello`, 400],
  ['an upgrade in chunks', `GET /app/x HTTP/1.1\r\n${HOST}${UPGRADE}${CHUNKED}\r\n0\r\n\r\n`, 400],
  ['an upgrade without a key', get('', 'GET /app/x HTTP/1.1').replace(CLOSE, 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'), 400], // biome-ignore format: one line
  ['an upgrade of an unknown version', `GET /app/x HTTP/1.1\r\n${HOST}${UPGRADE.replace('13', '777')}\r\n`, 400],
  ['an upgrade by POST', `POST /app/x HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`, 400],
  ['an upgrade to h2c', get('Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n').replace(CLOSE, ''), PASSES], // biome-ignore format: one line
  ['an upgrade that Connection does not name', get('Upgrade: websocket\r\n'), PASSES],
  ['an upgrade with HTTP/1.0', `GET /app/x HTTP/1.0\r\n${HOST}${UPGRADE}\r\n`, 400],
  ['an upgrade behind a request', `${ONE}GET /app/x HTTP/1.1\r\n${HOST}${UPGRADE}\r\n`, [seen('GET', '/1')]],
  ['CONNECT behind a request', `${ONE}CONNECT shop:80 HTTP/1.1\r\n${HOST}\r\n`, [seen('GET', '/1')]],
];

export const rawRequests: readonly RawRequest[] = Object.entries({ lengths, encodings, chunks, hosts, lines, fields, pipelines }).flatMap(([group, list]) => list.map(([name, ...rest]): RawRequest => [`${group}: ${name}`, ...rest])); // biome-ignore format: one line
