// `npm run bench -- NAME …`: builds what is compared and runs one comparison of bench/, the gateway's unless another is named.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChanged } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24 } from './node24.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const name = args[0] === undefined || args[0].startsWith('-') ? 'gateway' : args.shift();
const file = join(root, 'bench', `${name}.ts`);
if (!existsSync(file)) {
  console.error(`there is no comparison "${name}"; there are console, gateway, platform, relay, stack and tunnel`);
  process.exit(2);
}
ensureInstalled();
await buildChanged(name === 'console' ? {} : { only: ['gateway'] });
const { status } = spawnSync(findNode24(), [file, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
