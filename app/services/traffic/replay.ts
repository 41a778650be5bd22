// Sends a kept exchange through its gateway once more, as far as it was kept whole.
import { GatehouseError, type Replayed, toReplay } from '../../contract/index.ts';
import { sendReplay } from '../gateway/adminCalls.ts';
import { type GatewaySource, reached } from '../gateway/gatewaySource.ts';

export interface ReplayOptions {
  readonly bearer: string | undefined;
  /** Only what asks for no change. */
  readonly safeOnly: boolean;
}

/** Throws `exchange-unknown`, and `gateway-refused` with the reason where it cannot or may not be sent. */
export async function replay(
  source: GatewaySource,
  id: string,
  { bearer, safeOnly }: ReplayOptions,
): Promise<Replayed> {
  const { detail, replica } = await source.locate(id);
  const found = toReplay(detail, { bearer });
  if ('obstacle' in found) throw cannot(id, found.obstacle, 'Copy it as curl, and fill in what is missing.');
  if (safeOnly && !found.isSafe)
    throw cannot(
      id,
      `${detail.method} may change something.`,
      'Send it with traffic.replayUnsafe, where changes are allowed.',
    );
  const answer = await reached(sendReplay(replica.client, found.request));
  return { ...answer, leftOut: found.leftOut };
}

function cannot(id: string, why: string, remedy: string): GatehouseError {
  return new GatehouseError({
    code: 'gateway-refused',
    message: `${id.slice(0, 64)} is not sent again: ${why}`,
    remedy,
  });
}
