// The last megabyte of a container's log, handed over before the container is removed.
import type { RawLogLine } from '../../docker/logStream.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import { readLog } from '../containerLog.ts';
import type { Run } from './run.ts';

const keptBytes = 1024 * 1024;
/** More lines than this are not asked for; a megabyte of log rarely has them. */
const keptLines = 20_000;

/** Hands the log over. That it cannot be kept is a remark, and no reason to keep the container. */
export async function keepLog(run: Run, container: StackContainer): Promise<void> {
  const { keepLog: keep } = run.options;
  if (!keep || container.startedAt === null) return;
  const { id, name, service } = container;
  try {
    const isTty = container.inspected.config.Tty === true;
    const lines = await readLog(run.engine, id, { tail: keptLines, isTty });
    await keep({ id, name, service }, toEnd(lines));
  } catch (error) {
    run.remarks.push({
      code: 'log-not-kept',
      subject: name,
      message: `the log of ${name} was not kept: ${error instanceof Error ? error.message.slice(0, 300) : 'unknown reason'}.`,
      remedy: 'The container was removed all the same.',
    });
  }
}

/** Whole lines, the newest of them, at most a megabyte. */
function toEnd(lines: readonly RawLogLine[]): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const { stamp, stream, text } of lines.toReversed()) {
    const part = Buffer.from(`${stamp} ${stream} ${text}\n`);
    if (bytes + part.length > keptBytes) break;
    bytes += part.length;
    parts.unshift(part);
  }
  return Buffer.concat(parts);
}
