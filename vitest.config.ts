import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { SlowestFirst } from './test/support/slowest-first.ts'

/** What makes another user of its process, for good. */
const ALONE = ['test/**/unreadable.test.ts']
/** Without it, a project has workers of its own and `--maxWorkers` counts for nothing. */
const OF_THE_RUN = { maxWorkers: 0 }
const TESTS = ['test/**/*.test.ts']
const NO_TESTS = [...configDefaults.exclude, 'test/fixtures/**']

export default defineConfig({
  test: {
    // A worker reads the program once and keeps it for all its files: no file may leave anything in its process.
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          isolate: false,
          include: TESTS,
          exclude: [...NO_TESTS, ...ALONE],
          ...OF_THE_RUN,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE, exclude: NO_TESTS, ...OF_THE_RUN } },
    ],
    globalSetup: ['test/support/compiled-programs.ts'],
    sequence: { sequencer: SlowestFirst },
    // Real git and real processes: slower than pure code, never slept for.
    testTimeout: 60_000,
    // One worker more than there are cores: most tests wait for other processes, and for the disk to have written.
    maxWorkers: availableParallelism() + 1,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/domain/**'] },
  },
})
