import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: folder,
  base: '/',
  publicDir: false,
  plugins: [react()],
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
