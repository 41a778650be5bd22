// Health and metrics of the data port.
import type { Core } from '../exchange/core.ts';
import { toRawHeaders } from '../headers/headerList.ts';
import { toProblemResponse } from '../problem/catalogue.ts';
import type { ReservedPath } from '../routes/reservedPaths.ts';
import type { Carrier } from './answer.ts';
import { toLiveness, toReadiness } from './health.ts';

export function answerOwnPath(core: Core, path: ReservedPath, { req, res }: Carrier, requestId: string): void {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    const detail = `${path} takes GET and HEAD, not ${req.method}.`;
    const problem = { code: 'method-not-allowed', detail, headers: [['allow', 'GET, HEAD']] } as const;
    const { status, headers, body } = toProblemResponse(problem, requestId);
    res.writeHead(status, toRawHeaders(headers)).end(body);
  } else if (path !== '/metrics') {
    const { status, body } = path === '/health/live' ? toLiveness() : toReadiness(core.live);
    sendText(res, status, 'application/json', JSON.stringify(body));
  } else {
    core.metrics.render().then(
      (text) => sendText(res, 200, core.metrics.contentType, text),
      (error: unknown) => {
        core.log.error('metrics could not be rendered', { reason: String(error) });
        sendText(res, 500, 'text/plain', 'metrics could not be rendered\n');
      },
    );
  }
}

function sendText(res: Carrier['res'], status: number, type: string, text: string): void {
  if (res.destroyed) return;
  const body = Buffer.from(text);
  res.writeHead(status, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store' }).end(body);
}
