// A planted fault: pins that claim to be written and read back, while nothing was saved. The checker of losses must
// find what the reset then destroys.

import type { PinCheck, PinCommits, PinName, Pins } from '../../../src/adapters/runner/pins/pins.ts'
import { ZERO_SHA } from '../../../src/domain/ids.ts'

const claimed = new Map<string, PinCommits>()

function check({ prefix }: PinName): Promise<PinCheck> {
  const commits = claimed.get(prefix)
  if (commits === undefined) return Promise.resolve({ kind: 'unverified', detail: 'never written' })
  return Promise.resolve({ kind: 'verified', commits })
}

/** Says yes to everything and saves nothing. */
export const pinsThatLie: Pins = {
  write: ({ prefix, head }) => {
    const claim = head ?? ZERO_SHA
    claimed.set(prefix, { head, index: claim, worktree: claim })
    return Promise.resolve({ kind: 'pinned', head: claim, index: claim, worktree: claim, paths: [] })
  },
  verify: check,
  verifyRefs: check,
  covers: () => Promise.resolve(true),
  push: () => Promise.resolve({ result: 'pushed', detail: '' }),
}
