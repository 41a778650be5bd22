// A running host: composition, server and the file by which the command line finds it; opened and closed as one.
import type { Logger } from 'pino';
import { loadAssets } from './assets.ts';
import { createComposition } from './composition.ts';
import { toEntryUrl } from './entryUrl.ts';
import { describePortHolder } from './portTaken.ts';
import { findPrograms, RENDERER_FOLDER, readVersion } from './programs.ts';
import { ensureRuntimeFolder, runtimeFolder, writeRuntimeFile } from './runtimeFile.ts';
import { type HostServer, startServer } from './server.ts';
import { createSessions } from './session.ts';

export interface HostOptions {
  readonly port: number;
  readonly engineChoice: 'auto' | 'docker' | 'sandbox';
  readonly stackFolder: string | null;
  readonly readOnly: boolean;
  readonly log: Logger;
}

export interface Host {
  readonly url: string;
  /** The address with a new one-time code in its fragment, which never travels in a request. */
  createEntryUrl(): string;
  /** Ends the server, then all that runs below it (the sandbox). */
  close(): Promise<void>;
}

/** A port that is taken, with who may hold it and the remedy. */
export class PortTakenError extends Error {
  override name = 'PortTakenError';
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { log, port } = options;
  const folder = runtimeFolder();
  ensureRuntimeFolder(folder);
  const version = readVersion();
  const sessions = createSessions();
  const [assets, composition] = await Promise.all([
    loadAssets(RENDERER_FOLDER),
    createComposition({
      engineChoice: options.engineChoice,
      stackFolder: options.stackFolder,
      readOnly: options.readOnly,
      runtimeFolder: folder,
      programs: findPrograms(),
    }),
  ]);
  let server: HostServer | undefined;
  try {
    server = await startServer({ port, handlers: composition.handlers, assets, sessions, log, version });
    const { url } = server;
    const token = sessions.issueCliToken();
    const removeRuntimeFile = writeRuntimeFile(folder, {
      url,
      port: server.port,
      pid: process.pid,
      token,
      startedAt: Date.now(),
      version,
    });
    // A forced end (second signal) leaves no file behind either.
    process.once('exit', removeRuntimeFile);
    const { close } = server;
    return {
      url,
      createEntryUrl: () => toEntryUrl(url, sessions.issueCode()),
      async close() {
        removeRuntimeFile();
        await Promise.all([close(), composition.close()]);
      },
    };
  } catch (error) {
    await Promise.all([server?.close(), composition.close()]);
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortTakenError(
      `port ${port} on 127.0.0.1 is taken: ${await describePortHolder(port, folder)}; choose another with --port N`,
      { cause: error },
    );
  }
}
