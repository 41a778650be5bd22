// Where to bind a port: GATEHOUSE_PORTS maps a container's port to an address of the host, for containers that are processes.

export interface BindAddress {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:8080` or `[::1]:8080`. Throws on anything else. */
export function parseBindAddress(text: string): BindAddress {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? Number.NaN);
  if (!match || port > 65_535) throw new Error(`"${text}" is not HOST:PORT; write it as 127.0.0.1:8080`);
  return { host: match[1] ?? match[2] ?? '', port };
}

/** What GATEHOUSE_PORTS says about a port, else the address as configured. Throws when it is not valid. */
export function resolveBindAddress(configured: BindAddress, portsJson: string | undefined): BindAddress {
  if (portsJson === undefined || portsJson === '') return configured;
  const ports = parsePorts(portsJson);
  const mapped = Object.hasOwn(ports, configured.port) ? ports[configured.port] : undefined;
  if (mapped === undefined) return configured;
  if (typeof mapped !== 'string')
    throw new Error(`GATEHOUSE_PORTS maps ${configured.port} to ${JSON.stringify(mapped)}; it must be "HOST:PORT"`);
  return parseBindAddress(mapped);
}

function parsePorts(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, with the remedy.
  }
  throw new Error(`GATEHOUSE_PORTS is not a JSON object, for example {"8080":"127.0.0.1:21005"}; it is ${text}`);
}
