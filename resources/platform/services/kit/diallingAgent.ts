import { Agent } from 'node:http';
import type { Dial } from './addresses.ts';

type Connect = Agent['createConnection'];

/** Connections to names of the platform, dialled where the hosts file says: as plain processes they are ports of loopback. */
export function createDiallingAgent(dial: Dial): Agent {
  const agent = new Agent({ keepAlive: true });
  const connect = agent.createConnection.bind(agent) as Connect;
  agent.createConnection = (options, callback) =>
    connect({ ...options, ...dial(String(options.host ?? ''), Number(options.port)) }, callback);
  return agent;
}
