// Paths of the data port that the gateway answers itself; no route may take them.

export const reservedPaths = ['/health', '/health/live', '/health/ready', '/metrics'] as const;
export type ReservedPath = (typeof reservedPaths)[number];

export function isReservedPath(path: string): path is ReservedPath {
  return (reservedPaths as readonly string[]).includes(path);
}
