// At most so many open connections of one address. Checked when a connection is accepted, before a byte of it is read.
import type { Socket } from 'node:net';
import type { Core } from '../exchange/core.ts';
import { maskAddress } from './maskAddress.ts';

/**
 * Closes a connection that is one too many, and counts it. The peer is what counts here, since nobody has said yet for
 * whom it speaks; trusted proxies speak for many, and are exempt.
 */
export function capConnection(core: Core, socket: Socket): void {
  const peer = socket.remoteAddress;
  const { proxies, config } = core.revision;
  // Without an address the caller has gone already.
  if (peer === undefined || proxies.isTrusted(peer)) return;
  const { connectionsPerIp, ipv6PrefixLength } = config.limits;
  const address = maskAddress(peer, ipv6PrefixLength);
  if (core.limits.caps.connect(address, connectionsPerIp))
    socket.once('close', () => core.limits.caps.disconnect(address));
  else socket.destroy();
}
