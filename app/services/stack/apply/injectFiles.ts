// Copies secrets and configs that are no files of the host into a container that has not been started.
import { toTarArchive } from '../../docker/tar.ts';
import type { InjectedFile } from '../spec/injectedFiles.ts';
import { type Run, StepEnd } from './run.ts';

export async function injectFiles(run: Run, container: string, service: string, files: readonly InjectedFile[]) {
  if (files.length === 0) return;
  const archive = toTarArchive(
    files.map((file) => ({
      path: file.target.replace(/^\/+/, ''),
      content: Buffer.from(toContent(run, service, file)),
      mode: file.mode,
      uid: file.uid,
      gid: file.gid,
    })),
  );
  await run.engine.stack.containers.putArchive(container, '/', archive);
}

function toContent(run: Run, service: string, { kind, source, content, variable }: InjectedFile): string {
  if (content !== null) return content;
  const value = run.prepared.options.variableValues?.[`${kind}s`][source];
  if (value !== undefined) return value;
  const message = `service "${service}" uses the ${kind} "${source}", whose variable ${variable} is not set.`;
  throw new StepEnd('failed', message, {
    code: `${kind}-missing`,
    subject: service,
    message,
    remedy: `Set ${variable} and apply again.`,
  });
}
