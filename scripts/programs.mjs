// The programs that tests start as processes: as they were built, which is how they are shipped and starts them several
// times faster, or where nobody has just built them (a single test file, run by hand) from their sources.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const areBuilt = process.env.GATEHOUSE_TEST_PROGRAMS === 'built';
const choose = (built, source) => join(root, areBuilt ? built : source);

export const programs = {
  gatehouse: choose('dist/host/gatehouse.js', 'app/host/cli.ts'),
  gateway: choose('dist/gateway/gateway.js', 'gateway-core/main.ts'),
  service: choose('dist/platform/service.js', 'resources/platform/services/main.ts'),
};
