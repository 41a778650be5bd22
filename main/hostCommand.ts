// How the window starts its host: as `gatehouse desktop` said, or as the installer laid it out.
import { join } from 'node:path';

export interface HostCommand {
  readonly node: string;
  readonly args: readonly string[];
}

interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Electron's process.resourcesPath: the folder that an installer fills. */
  readonly resourcesPath: string;
  readonly platform: NodeJS.Platform;
  /** An installed window starts what was installed with it, whatever the environment says. */
  readonly isPackaged: boolean;
}

/** `port` 0 is any free one. An end when the window's process is gone, however it went. */
export function createHostCommand(surroundings: Surroundings, port: number): HostCommand {
  const { resourcesPath, platform, isPackaged } = surroundings;
  const environment = isPackaged ? {} : surroundings.environment;
  const node = environment.GATEHOUSE_NODE ?? join(resourcesPath, platform === 'win32' ? 'node.exe' : 'node');
  // Beside the archive: plain Node knows nothing of archives.
  const unpacked = join(resourcesPath, 'app.asar.unpacked');
  const program = environment.GATEHOUSE_PROGRAM ?? join(unpacked, 'dist', 'host', 'gatehouse.js');
  const always = ['--port', String(port), '--no-open', '--until-stdin-ends', '--secrets-with-parent'];
  // What was asked for comes last, and so holds.
  return { node, args: [program, 'serve', ...always, ...parseArguments(environment.GATEHOUSE_SERVE_ARGUMENTS)] };
}

/** A list of texts as JSON; anything else counts as none. */
function parseArguments(text: string | undefined): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : [];
  } catch {
    return [];
  }
}

/** The address in the one line that the host prints; undefined for any other line. */
export function findEntryUrl(line: string): string | undefined {
  return /^Gatehouse: (http:\/\/127\.0\.0\.1:\d{1,5}\/#code=[A-Z0-9]{4}-[A-Z0-9]{4})$/.exec(line.trim())?.[1];
}
