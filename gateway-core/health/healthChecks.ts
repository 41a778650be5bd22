// Asks every replica of an upstream by itself whether it is well. Runs only once the gateway listens.
import type { UpstreamCall, UpstreamError, UpstreamHandler } from '../transport/upstreamClient.ts';
import { classifyUpstreamError } from '../transport/upstreamError.ts';
import type { LiveUpstream } from '../upstream/liveUpstream.ts';
import type { Replica } from '../upstream/replica.ts';
import type { HealthCheckPolicy } from './healthSection.ts';
import { applyCheck, type CheckResult, type Health, isHealthyStatus, neverChecked } from './healthState.ts';
import { readmit } from './outlier.ts';

/** What a health page may say before nobody reads on. */
const BODY_LIMIT_BYTES = 64 * 1024;

interface HealthChecksOptions {
  readonly upstream: LiveUpstream;
  readonly userAgent: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onHealth: (replica: string, health: Health, note: string) => void;
}

export interface HealthChecks {
  /** Begins with replicas that are new, at once, and forgets those that are gone. */
  reconcile(): void;
  stop(): void;
}

/** One check a replica at a time; timers hold no process. */
export function createHealthChecks(options: HealthChecksOptions): HealthChecks {
  const { upstream } = options;
  const running = new Map<Replica, { cancel: () => void }>();

  function begin(replica: Replica): void {
    const policy = upstream.config.healthCheck;
    if (!policy || !upstream.replicas.includes(replica)) return void running.delete(replica);
    const onResult = (result: CheckResult): void => {
      apply(replica, result, policy);
      const waitMs = policy.intervalMs * (1 + policy.jitterShare * Math.random());
      const timer = setTimeout(() => begin(replica), waitMs).unref();
      running.set(replica, { cancel: () => clearTimeout(timer) });
    };
    const probe = new Probe({ upstream, replica, policy, userAgent: options.userAgent, onResult });
    running.set(replica, probe);
  }

  function apply(replica: Replica, result: CheckResult, policy: HealthCheckPolicy): void {
    const at = options.now();
    const before = replica.healthState.health;
    const note = result.kind === 'no answer' ? result.note : `status ${result.status}`;
    replica.healthState = applyCheck(replica.healthState, result, policy);
    replica.lastCheck = { at, passed: result.kind === 'passed', note };
    if (result.kind === 'passed') readmit(replica.outlier);
    const { health } = replica.healthState;
    if (health === before) return;
    if (health === 'healthy') replica.warmSince = at;
    options.onHealth(replica.id, health, note);
  }

  return {
    reconcile() {
      const wanted = new Set(upstream.config.healthCheck ? upstream.replicas : []);
      for (const [replica, check] of running) {
        if (wanted.has(replica)) continue;
        check.cancel();
        running.delete(replica);
        replica.healthState = neverChecked;
        replica.lastCheck = null;
      }
      for (const replica of wanted) if (!running.has(replica)) begin(replica);
    },
    stop() {
      for (const check of running.values()) check.cancel();
      running.clear();
    },
  };
}

interface ProbeOptions {
  readonly upstream: LiveUpstream;
  readonly replica: Replica;
  readonly policy: HealthCheckPolicy;
  readonly userAgent: string;
  /** Called once, in a later turn, unless it is cancelled before. */
  readonly onResult: (result: CheckResult) => void;
}

/** One check, over the connections that requests use too. */
class Probe implements UpstreamHandler {
  private readonly options: ProbeOptions;
  private readonly timer: NodeJS.Timeout;
  private call: UpstreamCall;
  private status = 0;
  private bytes = 0;

  constructor(options: ProbeOptions) {
    this.options = options;
    const { timeoutMs } = options.policy;
    const onTime = () => this.finish({ kind: 'no answer', note: `no answer in ${timeoutMs} ms` });
    this.timer = setTimeout(onTime, timeoutMs).unref();
    this.call = this.ask(false);
  }

  private ask(fresh: boolean): UpstreamCall {
    const { upstream, replica, policy, userAgent } = this.options;
    const headers: [string, string][] = [
      ['host', replica.endpoint.host],
      ['user-agent', userAgent],
      ['accept', '*/*'],
    ];
    const request = { method: 'GET', path: policy.path, headers, body: null };
    return upstream.connect(replica).call(request, this, { fresh });
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.call.abort();
  }

  private finish(result: CheckResult): void {
    this.cancel();
    this.options.onResult(result);
  }

  private finishByStatus(): void {
    const { status } = this;
    const isPassed = isHealthyStatus(status, this.options.policy.statuses);
    this.finish({ kind: isPassed ? 'passed' : 'wrong status', status });
  }

  onConnected(): void {}

  onSent(): void {}

  onInformation(): void {}

  onAnswer(status: number): void {
    this.status = status;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes > BODY_LIMIT_BYTES) this.finishByStatus();
    return true;
  }

  onEnd(): void {
    this.finishByStatus();
  }

  onFailure(error: UpstreamError): void {
    // It closed an idle connection, which says nothing; what a new one meets does.
    if (error.isStale) this.call = this.ask(true);
    else this.finish({ kind: 'no answer', note: classifyUpstreamError(error).kind });
  }
}
