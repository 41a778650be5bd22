// A running host: composition, server and the file by which the command line finds it; opened and closed as one.
import type { Logger } from 'pino';
import { GatehouseError, type ProblemCode } from '../contract/index.ts';
import type { Machine } from '../services/docker/machine.ts';
import { findStateFolder } from '../services/history/stateFolder.ts';
import type { SecretKeeper } from '../services/secrets/secretKeeper.ts';
import { loadAssets } from './assets.ts';
import { type Composition, createComposition } from './composition.ts';
import { toEntryUrl } from './entryUrl.ts';
import { describePortHolder } from './portTaken.ts';
import { findPrograms, RENDERER_FOLDER, readVersion } from './programs.ts';
import { ensureRuntimeFolder, type RunningHost, runtimeFolder, writeRuntimeFile } from './runtimeFile.ts';
import { type HostServer, startServer } from './server.ts';
import { createSessions } from './session.ts';

export interface HostOptions {
  readonly port: number;
  readonly engineChoice: 'auto' | 'docker' | 'sandbox';
  /** Whose settings name the Docker engine; this one's when not given. */
  readonly machine?: Machine | undefined;
  readonly stackFolder: string | null;
  readonly readOnly: boolean;
  /** false: no other command finds it, since it ends with the one that started it. */
  readonly isAnnounced?: boolean;
  /** The sandbox's engine runs from the start, with nothing on it. */
  readonly startsSandboxEngine?: boolean;
  /** Who keeps secrets beyond its life; nobody when not given. */
  readonly keeper?: SecretKeeper | undefined;
  readonly log: Logger;
}

export interface Host {
  readonly url: string;
  /** For the command line: where it is, and a token for it. */
  readonly access: RunningHost;
  /** The address with a new one-time code in its fragment, which never travels in a request. */
  createEntryUrl(): string;
  /** Ends the server, then all that runs below it (the sandbox). */
  close(): Promise<void>;
}

/** What the operator can mend: a port that is taken, a --stack that cannot be read. Its message holds the remedy. */
export class HostStartError extends Error {
  override name = 'HostStartError';
  readonly code: ProblemCode | 'port-taken';

  constructor(code: ProblemCode | 'port-taken', message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Throws HostStartError. Listens on loopback; starts nothing else. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, port, isAnnounced = true } = options;
  const folder = runtimeFolder();
  ensureRuntimeFolder(folder);
  const version = readVersion();
  const sessions = createSessions();
  const [assets, composition] = await Promise.all([loadAssets(RENDERER_FOLDER), compose(options, folder)]);
  let server: HostServer | undefined;
  try {
    server = await startServer({ port, handlers: composition.handlers, assets, sessions, log, version });
    const { url } = server;
    const token = sessions.issueCliToken();
    const access = { url, port: server.port, pid: process.pid, token, startedAt: Date.now(), version };
    const removeRuntimeFile = isAnnounced ? writeRuntimeFile(folder, access) : () => {};
    // A forced end (second signal) leaves no file behind either.
    process.once('exit', removeRuntimeFile);
    const { close } = server;
    return {
      url,
      access,
      createEntryUrl: () => toEntryUrl(url, sessions.issueCode()),
      async close() {
        removeRuntimeFile();
        await Promise.all([close(), composition.close()]);
      },
    };
  } catch (error) {
    await Promise.all([server?.close(), composition.close()]);
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HostStartError(
      'port-taken',
      `port ${port} on 127.0.0.1 is taken: ${await describePortHolder(port, folder)}; choose another with --port N`,
      { cause: error },
    );
  }
}

async function compose(options: HostOptions, folder: string): Promise<Composition> {
  const { engineChoice, machine, stackFolder, readOnly, startsSandboxEngine = false, keeper } = options;
  try {
    return await createComposition({
      engineChoice,
      machine,
      stackFolder,
      readOnly,
      startsSandboxEngine,
      keeper,
      runtimeFolder: folder,
      stateFolder: findStateFolder(),
      programs: findPrograms(),
    });
  } catch (error) {
    if (!(error instanceof GatehouseError)) throw error;
    throw new HostStartError(error.code, `${error.message} ${error.remedy}`, { cause: error });
  }
}
