import { checkFraming, isHost } from '../headers/framing.ts';
import { findSingle, valuesOf } from '../headers/headerList.ts';
import { findRepeatedField } from '../headers/singleFields.ts';
import { checkUpgrade } from '../headers/upgradeRequest.ts';
import { hasPassed } from '../headers/via.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { isServerWide, parseRequestTarget } from '../path/requestTarget.ts';
import { type Decision, pass, type RequestFacts, reply, type Stage, stop } from './stage.ts';

/** What is forwarded at all; a route may take fewer. */
export const FORWARDED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** One reading of the request for everyone after: its end, its host, its path. */
export const normalise: Stage = {
  name: 'normalise',
  decide(request, _findings, { config }) {
    // Node's parser takes HTTP/2.0 for a version, and a line without one for HTTP/0.9 with header fields.
    if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0')
      return stop({ code: 'version-not-supported', detail: `HTTP/${request.httpVersion} is not spoken here.` });
    const { maxHeaders } = config.server;
    if (request.headers.length > maxHeaders)
      return stop({ code: 'headers-too-large', detail: `The request has more than ${maxHeaders} header fields.` });
    const framing = checkFraming(request);
    if (!framing.ok) return refuse(framing.detail);
    const fault = findFieldFault(request);
    if (fault !== undefined) return refuse(fault);
    const upgrade = request.protocol === 'websocket' ? checkUpgrade(request, framing.body) : undefined;
    if (upgrade !== undefined) return stop({ code: 'bad-request', detail: `The upgrade is refused: ${upgrade}.` });
    if (hasPassed(request.headers, config.forwarding.pseudonym))
      return stop({ code: 'loop-detected', detail: 'The request has come back to this gateway: see its Via field.' });
    if (isServerWide(request))
      return reply({
        status: 204,
        headers: [['allow', FORWARDED_METHODS]],
        sentence: 'The gateway answers for itself what OPTIONS asks of the server as a whole.',
      });
    const target = parseRequestTarget(request.target);
    if (!target.ok) return refuse(target.detail);
    const field = valuesOf(request.headers, 'host')[0];
    if (target.authority !== null && !isHost(target.authority)) return refuse('the host in its target is not one');
    // RFC 9112, 3.2.2 lets the target's host win; two names for one request are refused instead, so that nobody has to choose.
    if (target.authority !== null && field !== undefined && field.toLowerCase() !== target.authority.toLowerCase())
      return refuse('its target and its Host field differ');
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

function refuse(detail: string): Decision {
  return stop({ code: 'bad-request', detail: `The request is refused: ${detail}.` });
}

function findFieldFault({ headers }: RequestFacts): string | undefined {
  const repeated = findRepeatedField(headers);
  if (repeated !== undefined) return `it has several ${repeated} fields`;
  const hops = findSingle(headers, 'max-forwards');
  return hops === undefined || /^\d{1,9}$/.test(hops) ? undefined : 'its Max-Forwards is not a number';
}
