import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{app,gateway-core,main,renderer,resources,scripts}/**/*.test.{ts,tsx}'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
    pool: 'forks',
    reporters: ['default'],
  },
});
