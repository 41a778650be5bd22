import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
}

/** Beside the page: what is shipped and under which licence, as the lockfile has it; Settings shows it. */
function writeLicences(): Plugin {
  return {
    name: 'gatehouse-licences',
    apply: 'build',
    generateBundle() {
      const lockfile = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
      const { packages } = JSON.parse(lockfile) as { packages: Record<string, Locked> };
      const list = Object.entries(packages)
        .filter(([path, { dev }]) => path.includes('node_modules/') && !dev)
        .map(([path, { version = '', license = 'not said by its package' }]) => ({
          name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
          version,
          licence: license,
        }));
      this.emitFile({ type: 'asset', fileName: 'licences.json', source: JSON.stringify(list) });
    },
  };
}

export default defineConfig({
  root: folder,
  base: '/',
  publicDir: false,
  plugins: [react(), writeLicences()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy forbids data: fonts and inline scripts, so every asset is a file with a hash.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      treeshake: {
        // The contract's index also exports what builds a server. Its modules only define things, so what the
        // renderer does not use of them (the tRPC server, the catalogue's schemas) stays out of the bundle.
        moduleSideEffects: (id: string) => !id.includes('/app/contract/'),
      },
    },
  },
});
