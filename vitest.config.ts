import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    // Real git and real processes: slower than pure code, never slept for.
    testTimeout: 60_000,
    // Most tests wait for git and for other processes: a worker for every core, also on a machine with two.
    maxWorkers: '100%',
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/domain/**'] },
  },
})
