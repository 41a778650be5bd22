// Asks for the addresses of a name in the background, so that no request ever waits for DNS once there was an answer.
import type { NameAnswer, ResolveName } from '../resolve/names.ts';
import type { DnsPolicy } from './upstreamSection.ts';

/** A name is not asked for more often, whatever its records say. */
const LEAST_MS = 1_000;
/** Gateways that were started together must not ask together for ever. */
const JITTER_SHARE = 0.1;

interface DnsWatchOptions {
  readonly policy: DnsPolicy;
  readonly resolveName: ResolveName;
  readonly onAnswer: (answer: NameAnswer) => void;
  /** What was known stays in force. */
  readonly onFailure: (error: unknown) => void;
}

export interface DnsWatch {
  stop(): void;
}

/** Asks at once, then again when the answer is no longer valid, at the latest after refreshMs. Its timer holds no process. */
export function watchName({ policy, resolveName, onAnswer, onFailure }: DnsWatchOptions): DnsWatch {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    let validMs = policy.refreshMs;
    try {
      const answer = await resolveName(policy.name);
      if (isStopped) return;
      validMs = answer.ttlMs ?? policy.refreshMs;
      onAnswer(answer);
    } catch (error) {
      if (!isStopped) onFailure(error);
    }
    if (isStopped) return;
    const waitMs = Math.min(policy.refreshMs, Math.max(validMs, LEAST_MS));
    timer = setTimeout(() => void ask(), waitMs * (1 + JITTER_SHARE * Math.random()));
    timer.unref();
  }

  void ask();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
