// The row `unreadable_before_reset`: a file that nobody may read stops the reset. Root reads everything, so a process that
// runs as root becomes another user here, for good: each test file has a process of its own.

import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PINNED, TRY, type SyncScenario } from '../../support/workbench/sync-states/scenario.ts'
import { playRow } from '../../support/workbench/sync-states/expect-row.ts'
import { ownCommit, remotePush, setStage } from '../../support/workbench/sync-states/stage.ts'
import { writeFiles } from '../../support/temp-repo.ts'
import { Workbench } from '../../support/workbench/workbench.ts'

const NOBODY = 65_534

const UNREADABLE: SyncScenario = {
  async arrange(stage) {
    await ownCommit(stage, { 'knot.txt': 'tied by the agent\n' })
    await writeFiles(stage.tree, { 'README.md': '# Changed\n', 'shut.txt': 'for nobody\n' })
    await remotePush(stage, { 'knot.txt': 'tied by alice\n' })
  },
  // Shut only while the pin is made: whoever compares afterwards must read it too.
  async meanwhile({ tree }, moment, step) {
    if (step === 'pin') await chmod(join(tree, 'shut.txt'), moment === 'before' ? 0 : 0o644)
  },
  wish: { push: true },
  steps: PINNED.slice(0, 1),
  isCutShort: true,
  asks: TRY,
}

let bench: Workbench

beforeAll(async () => {
  if (process.getuid?.() === 0) {
    process.setgroups?.([])
    process.setgid?.(NOBODY)
    process.setuid?.(NOBODY)
  }
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

describe('syncWorktree, a changed file nobody may read, before a reset', () => {
  it('snapshot_failed: nothing is reset, and the question names the file', async () => {
    const stage = await setStage(bench, 'unreadable')
    const { ending } = await playRow('unreadable_before_reset', UNREADABLE, stage)
    expect(ending.question?.details.note).toContain('shut.txt')
  })
})
