import { GatehouseError } from '../../contract/index.ts';
import type { GatewaySource } from './gatewaySource.ts';

/**
 * A gateway that is not there is a problem, as soon as it is known. One that is lost keeps the subscription open and
 * silent: the frame says that it is lost, and the next value comes when it is back.
 */
export async function* whilePresent<T>(
  { connection }: Pick<GatewaySource, 'connection'>,
  signal: AbortSignal,
  open: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  const stop = connection.onChange(({ state }) => {
    if (state === 'absent') leave();
  });
  try {
    if (connection.current.state !== 'absent') yield* open(leaving.signal);
    const { state, problem } = connection.current;
    if (state === 'absent' && problem && !signal.aborted) throw new GatehouseError(problem);
  } finally {
    stop();
    signal.removeEventListener('abort', leave);
  }
}
