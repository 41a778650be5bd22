// Says who may hold a port, in words an operator can act on.
import { findPortHolder } from './portHolder.ts';
import { findRunningHosts } from './runtimeFile.ts';

/** Never throws; asks the port itself when no file of ours names its holder. */
export async function describePortHolder(port: number, runtimeFolder: string): Promise<string> {
  const known = findRunningHosts(runtimeFolder).find((host) => host.port === port);
  if (known) return `another Gatehouse (pid ${known.pid}) holds it; \`gatehouse code --port ${port}\` opens that one`;
  if (await isGatehouse(port)) return 'another Gatehouse holds it, perhaps of another user';
  const holder = findPortHolder(port);
  return holder ? `${holder} holds it` : `another program holds it; ${listCommand(port)} names it`;
}

async function isGatehouse(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1000) });
    return ((await response.json()) as { product?: unknown }).product === 'gatehouse';
  } catch {
    return false;
  }
}

function listCommand(port: number): string {
  if (process.platform === 'win32') return `\`netstat -ano | findstr :${port}\``;
  if (process.platform === 'darwin') return `\`lsof -nP -iTCP:${port} -sTCP:LISTEN\``;
  return `\`ss -ltnp 'sport = :${port}'\``;
}
