// Why there is no relay: what ended it, as a reason that an operator can act upon. Pure.
import { GatehouseError, type Problem } from '../../contract/index.ts';
import { EngineRefusal } from '../docker/engineProblem.ts';
import { cleanText } from '../docker/styledText.ts';

export class RelayFailure extends Error {
  /** Set when trying again helps nothing as long as this container runs: there is no relay, and this is why. */
  readonly absence: Problem | undefined;

  constructor(reason: string, options: { absence?: Problem; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.name = 'RelayFailure';
    this.absence = options.absence;
  }
}

export interface RelayEnd {
  /** The container, as the operator calls it. */
  readonly name: string;
  readonly exitCode: number | null;
  /** What came instead of the protocol, and on stderr. Untrusted text. */
  readonly said: string;
}

const rebuild =
  'Use an image of this version: the one of resources/platform/api-gateway/Dockerfile has the relay in it.';

/** A process that ended, or did something else, before it said hello. */
export function toRelayFailure({ name, exitCode, said }: RelayEnd): RelayFailure {
  const words = cleanText(
    said
      .trim()
      .split('\n')
      .find((line) => line.trim() !== '') ?? '',
  ).slice(0, 200);
  const quoted = words ? ` (${words})` : '';
  // Of the OCI runtime: 126, not executable; 127, not found.
  if (exitCode === 126 || exitCode === 127 || /executable file not found/.test(said)) {
    return absent(`the image of ${name} has no Node to run the relay with${quoted}`, rebuild);
  }
  if (/Cannot find module/.test(said)) {
    return absent(`the image of ${name} does not have the gateway's program where it is looked for`, rebuild);
  }
  if (/speaks version/.test(said)) {
    return absent(`the relay of ${name} and this console are of different versions${quoted}`, rebuild);
  }
  // Wrong use: to an older program `relay` is an argument that it does not know.
  if (exitCode === 2 || /relay protocol: /.test(said)) {
    return absent(`the gateway's program in ${name} has no relay${quoted}`, rebuild);
  }
  if (exitCode === null) return new RelayFailure(`the relay of ${name} has not answered${quoted}`);
  return new RelayFailure(`the relay of ${name} ended with exit code ${exitCode}${quoted}`);
}

/** Whatever was thrown on the way to a running relay. */
export function toOpenFailure(name: string, error: unknown): RelayFailure {
  if (error instanceof RelayFailure) return error;
  if (error instanceof EngineRefusal && [401, 403, 405, 501].includes(error.status)) {
    return absent(
      `the engine does not allow to execute anything in ${name}: ${cleanText(error.message).slice(0, 200)}`,
      'Allow exec where access to the engine is restricted (a proxy of its socket, an authorization plugin), then open the environment again.',
    );
  }
  const reason = error instanceof GatehouseError || error instanceof Error ? error.message : 'unknown reason';
  return new RelayFailure(cleanText(reason).slice(0, 300), { cause: error });
}

function absent(reason: string, remedy: string): RelayFailure {
  const message = `The gateway cannot be operated from here: ${reason}. Its routes, breakers and traffic are not seen.`;
  return new RelayFailure(reason, { absence: { code: 'gateway-absent', message, remedy } });
}
