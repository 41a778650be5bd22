// The gate of a forwarded port as a stream between the client and the service.
import { Transform } from 'node:stream';
import { createHttpGate } from './httpGate.ts';

export interface GateStreamOptions {
  readonly allowedHosts: readonly string[];
  /** Once, when it is known. */
  onKind: (isHttp: boolean) => void;
  /** The connection is to end with this answer. */
  onRefusal: (answer: Buffer, reason: string) => void;
}

/** A browser writes its first line at once; a person at a terminal, or a protocol without lines, does not. */
const holdMs = 1000;

export function createGateStream({ allowedHosts, onKind, onRefusal }: GateStreamOptions): Transform {
  const gate = createHttpGate(allowedHosts);
  let isKnown = false;
  let timer: NodeJS.Timeout | undefined;
  const note = () => {
    if (isKnown || gate.isHttp === null) return;
    isKnown = true;
    onKind(gate.isHttp);
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(timer);
      const { pass, refusal } = gate.push(chunk);
      if (pass.length > 0) this.push(pass);
      note();
      if (refusal) onRefusal(refusal.answer, refusal.reason);
      if (gate.isHolding) timer = setTimeout(release, holdMs);
      done();
    },
    flush(done) {
      release();
      done();
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  function release(): void {
    const bytes = gate.release();
    if (bytes.length > 0) stream.push(bytes);
    note();
  }
  return stream;
}
