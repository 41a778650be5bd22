import type { Readable } from 'node:stream';
import { z } from 'zod';
import { createLineSplitter } from '../stream/lines.ts';

/** What the engine reported, as far as it concerns containers and networks. */
export interface EngineEvent {
  /** Epoch ms. */
  at: number;
  type: 'container' | 'network';
  action: string;
  /** The container's or network's id. */
  id: string;
  /** For a network event: the container that joined or left. */
  container: string | null;
  project: string | null;
  service: string | null;
  exitCode: number | null;
  /** From `health_status: healthy`. */
  health: 'healthy' | 'unhealthy' | null;
}

const eventSchema = z.object({
  Type: z.enum(['container', 'network']),
  Action: z.string(),
  Actor: z.object({
    ID: z.string(),
    Attributes: z.record(z.string(), z.string().catch('')).nullish().catch({}),
  }),
  time: z.number().catch(0),
  timeNano: z.number().catch(0),
});

/** undefined for what is no event of a container or network, or not JSON at all. */
export function parseEngineEvent(line: string): EngineEvent | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = eventSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { Type, Action, Actor, time, timeNano } = parsed.data;
  const attributes = Actor.Attributes ?? {};
  // `health_status: healthy`; execs carry their command after the colon.
  const [action = '', detail = ''] = Action.split(': ', 2);
  return {
    at: timeNano > 0 ? Math.round(timeNano / 1e6) : time * 1000,
    type: Type,
    action,
    id: Actor.ID,
    container: attributes.container ?? null,
    project: attributes['com.docker.compose.project'] ?? null,
    service: attributes['com.docker.compose.service'] ?? null,
    exitCode: attributes.exitCode === undefined ? null : Number(attributes.exitCode),
    health: detail === 'healthy' || detail === 'unhealthy' ? detail : null,
  };
}

/** Longer ones are no events. */
const lineLimitBytes = 256 * 1024;

/** Tells of every event in an engine's stream that changes what a container or network is, as it arrives. */
export function readContainerEvents(stream: Readable, tell: (event: EngineEvent) => void): void {
  const splitter = createLineSplitter(lineLimitBytes);
  stream.on('data', (chunk: Buffer) => {
    for (const line of splitter.push(chunk)) {
      const event = parseEngineEvent(line.toString('utf8'));
      if (event && concernsContainers(event)) tell(event);
    }
  });
}

/** Probes run as execs, several a second on a large stack; none of them changes what we show. */
function concernsContainers(event: EngineEvent): boolean {
  return !event.action.startsWith('exec_');
}
