import { checkFraming } from '../headers/framing.ts';
import { valuesOf } from '../headers/headerList.ts';
import { checkUpgrade } from '../headers/upgradeRequest.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { parseRequestTarget } from '../path/requestTarget.ts';
import { pass, type Stage, stop } from './stage.ts';

/** One reading of the request for everyone after: its end, its host, its path. */
export const normalise: Stage = {
  name: 'normalise',
  decide(request) {
    const framing = checkFraming(request);
    if (!framing.ok) return stop({ code: 'bad-request', detail: `The request is refused: ${framing.detail}.` });
    const upgrade = request.protocol === 'websocket' ? checkUpgrade(request, framing.body) : undefined;
    if (upgrade !== undefined) return stop({ code: 'bad-request', detail: `The upgrade is refused: ${upgrade}.` });
    const target = parseRequestTarget(request.target);
    if (!target.ok) return stop({ code: 'bad-request', detail: `The request is refused: ${target.detail}.` });
    const field = valuesOf(request.headers, 'host')[0];
    // RFC 9112, 3.2.2 lets the target's host win; two names for one request are refused instead, so that nobody has to choose.
    if (target.authority !== null && field !== undefined && field.toLowerCase() !== target.authority.toLowerCase())
      return stop({ code: 'bad-request', detail: 'The request is refused: its target and its Host field differ.' });
    const canonical = canonicalisePath(target.path);
    if (!canonical.ok) return stop({ code: 'bad-path', detail: `The path is refused: ${canonical.detail}.` });
    const found = {
      canonicalPath: canonical.path,
      query: target.query,
      host: target.authority ?? field ?? '',
      bodyBytes: framing.lengthBytes,
    };
    const change = canonical.path === target.path ? 'is already canonical' : `was made canonical from ${target.path}`;
    return pass(`The path ${canonical.path} ${change}.`, found);
  },
};
