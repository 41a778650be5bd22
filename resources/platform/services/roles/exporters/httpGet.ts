import { request } from 'node:http';
import type { Dial } from '../../kit/addresses.ts';

const TIMEOUT_MS = 2_000;
const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;

/** The body of a 200, as text. Rejects with the reason on anything else, after 2 s, and beyond 4 MiB. */
export function httpGet({ hostname, port, pathname, search }: URL, dial: Dial): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const wanted = { ...dial(hostname, Number(port || 80)), path: pathname + search };
  const asking = request({ ...wanted, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }, (answer) => {
    const chunks: Buffer[] = [];
    let size = 0;
    answer.on('error', reject);
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > ANSWER_LIMIT_BYTES) answer.destroy(new Error(`the answer is larger than ${ANSWER_LIMIT_BYTES} bytes`));
    });
    answer.on('end', () => {
      if (answer.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(new Error(`it answered ${answer.statusCode}`));
    });
  });
  asking.on('error', reject);
  asking.end();
  return promise;
}
