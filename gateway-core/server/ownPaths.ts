// Health and metrics of the data port.
import type { Core } from '../exchange/core.ts';
import { toProblemResponse } from '../problem/catalogue.ts';
import type { ReservedPath } from '../routes/reservedPaths.ts';
import { toLiveness, toReadiness } from './health.ts';
import type { ClientAnswer } from './http1/clientAnswer.ts';
import type { Carrier } from './http1/clientConnection.ts';

interface OwnQuestion {
  readonly path: ReservedPath;
  readonly method: string;
  readonly requestId: string;
}

export function answerOwnPath(core: Core, { answer }: Carrier, { path, method, requestId }: OwnQuestion): void {
  if (method !== 'GET' && method !== 'HEAD') {
    const detail = `${path} takes GET and HEAD, not ${method}.`;
    const problem = { code: 'method-not-allowed', detail, headers: [['allow', 'GET, HEAD']] } as const;
    const { status, headers, body } = toProblemResponse(problem, requestId);
    answer.writeHead(status, headers);
    answer.end(body);
  } else if (path !== '/metrics') {
    const { status, body } = path === '/health/live' ? toLiveness() : toReadiness(core.live);
    sendText(answer, status, { type: 'application/json', text: JSON.stringify(body) });
  } else {
    core.metrics.render().then(
      (text) => sendText(answer, 200, { type: core.metrics.contentType, text }),
      (error: unknown) => {
        core.log.error('metrics could not be rendered', { reason: String(error) });
        sendText(answer, 500, { type: 'text/plain', text: 'metrics could not be rendered\n' });
      },
    );
  }
}

function sendText(answer: ClientAnswer, status: number, { type, text }: { type: string; text: string }): void {
  if (answer.isClosed) return;
  const body = Buffer.from(text);
  answer.writeHead(status, [
    ['content-type', type],
    ['content-length', String(body.length)],
    ['cache-control', 'no-store'],
  ]);
  answer.end(body);
}
