// A planted fault: pins that claim to be written and read back, while nothing was saved. The checker of losses must
// find what the reset then destroys.

import type { PinCommits, Pins } from '../../../src/adapters/runner/pins.ts'

const claimed = new Map<string, PinCommits>()

/** Says yes to everything and saves nothing. */
export const pinsThatLie: Pins = {
  write: ({ prefix, head }) => {
    const commits = { head, index: head, worktree: head }
    claimed.set(prefix, commits)
    return Promise.resolve({ kind: 'pinned', ...commits, paths: [] })
  },
  verify: ({ prefix }) => {
    const commits = claimed.get(prefix)
    if (commits === undefined) return Promise.resolve({ kind: 'unverified', detail: 'never written' })
    return Promise.resolve({ kind: 'verified', commits })
  },
  covers: () => Promise.resolve(true),
  push: () => Promise.resolve({ result: 'pushed', detail: '' }),
}
