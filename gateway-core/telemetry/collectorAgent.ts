// Connections to the collector, dialled where the hosts file says: in the sandbox its name is a port of loopback.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

type Connect = HttpAgent['createConnection'];

/** The name stays the one that the certificate is checked against and that the Host field says. */
export function createCollectorAgent(protocol: string, resolve: (authority: string) => string): HttpAgent | HttpsAgent {
  const agent = protocol === 'https:' ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const connect = agent.createConnection.bind(agent) as Connect;
  agent.createConnection = (options, callback) => {
    const name = String(options.host ?? '');
    const address = resolve(`${name.includes(':') ? `[${name}]` : name}:${options.port ?? ''}`);
    const [, host = name, port] = /^\[?(.*?)\]?:(\d{1,5})$/.exec(address) ?? [];
    return connect({ ...options, host, port: Number(port ?? options.port) }, callback);
  };
  return agent;
}
