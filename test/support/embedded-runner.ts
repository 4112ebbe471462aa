// The options of an embedded runner under test: a remote on this disk, short grace, quiet log.

import type { EmbeddedRunnerOptions } from '../../src/adapters/runner/embedded-runner.ts'
import type { RunnerSetting } from './runner-world.ts'

/** Returns options with everything a test does not care about filled in. */
export function embeddedOptions(setting: RunnerSetting): EmbeddedRunnerOptions {
  const ignore = (): void => undefined
  return {
    ...setting,
    tokens: { tokenFor: () => Promise.reject(new Error('A remote on this disk needs no token')) },
    clock: { now: () => Date.now() },
    log: { info: ignore, warn: ignore, error: ignore },
    remotes: 'http_and_file',
    graceMs: 1500,
    heartbeatMs: 40,
  }
}
