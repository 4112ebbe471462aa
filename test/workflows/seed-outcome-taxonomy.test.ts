// The seed's own list of outcomes of a sync (`TestSyncWorktreeOutcomeTaxonomy`), name by name, on real git instead of
// mocks. Where a row of the state table is the same story, the name points to it and says what of it the seed asserts.

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseAheadBehind } from '../../src/adapters/runner/git/parse-status.ts'
import { caseSpec, type SyncCase } from '../../src/domain/sync/case.ts'
import { SYNC_STATES, type SyncStateId } from '../../src/domain/sync/state.ts'
import { git } from '../support/temp-repo.ts'
import type { Played, SyncScenario } from '../support/workbench/sync-states/scenario.ts'
import { playRow } from '../support/workbench/sync-states/expect-row.ts'
import { SCENARIOS } from '../support/workbench/sync-states/scenarios.ts'
import {
  inRepository,
  ownCommit,
  remotePush,
  runSync,
  setStage,
  type Stage,
} from '../support/workbench/sync-states/stage.ts'
import { headOf } from '../support/workbench/sync-states/state-of.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let sessions = 0

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
})

afterAll(() => bench?.close())

function newStage(): Promise<Stage> {
  sessions += 1
  return setStage(bench, `seed-${sessions}`)
}

/** Plays the story of a row once more, for what the seed asserts beyond the row. */
async function play(id: SyncStateId): Promise<Played> {
  const row = SCENARIOS[id]
  if ('provenIn' in row) throw new Error(`${id} is proven elsewhere`)
  const stage = await newStage()
  const played = await playRow(id, row, stage)
  await row.clear?.(stage)
  return played
}

/** The name is a row that is played with real git, ends with the case, and is logged on the level. */
function isRow(id: SyncStateId, name: SyncCase, level: 'info' | 'warn' | 'error'): SyncScenario {
  expect(SYNC_STATES[id].case).toBe(name)
  expect(caseSpec(name).level).toBe(level)
  const row = SCENARIOS[id]
  if ('provenIn' in row) throw new Error(`${id} is proven elsewhere`)
  return row
}

describe('TestSyncWorktreeOutcomeTaxonomy', () => {
  it('fetch_failed: nothing is touched, and nobody goes on', () => {
    const row = isRow('fetch_fails', 'fetch_failed', 'warn')
    expect(row.steps).toEqual([])
    expect(caseSpec('fetch_failed').mayGoOn).toBe(false)
  })

  it('detached_head: pinned and asked about', () => {
    expect(isRow('detached', 'detached_head', 'warn').steps).toEqual(['pin', 'verify_pin'])
  })

  it('branch_detect_failed: HEAD that git can not read', () => {
    expect(isRow('head_unreadable', 'branch_detect_failed', 'error').steps).toEqual([])
  })

  it('no_remote_tracking: the remote branch is not known, and one goes on', () => {
    expect(isRow('branch_never_there', 'no_remote_tracking', 'info').asks).toBeUndefined()
  })

  it('rev_parse_failed: a commit is not there', () => {
    expect(isRow('missing_commit', 'rev_parse_failed', 'error').asks).toBeDefined()
  })

  it('rev_list_failed (rc): the walk fails, and nothing is reset', () => {
    expect(isRow('damaged_commit', 'rev_list_failed', 'error').steps).not.toContain('reset_tree')
  })

  it('rev_list_failed (exception): git dies over a damaged commit, and nothing is reset', async () => {
    const stage = await newStage()
    await ownCommit(stage, { 'one.txt': 'one\n' })
    const own = await ownCommit(stage, { 'two.txt': 'two\n' })
    await remotePush(stage, { 'other.txt': 'other\n' })
    const id = await headOf(stage, 'HEAD~1')
    const place = await inRepository(stage, `objects/${id.slice(0, 2)}/${id.slice(2)}`)
    await chmod(place, 0o644)
    await writeFile(place, 'these are no compressed bytes')
    const { report } = await runSync(stage, { push: true })
    expect(report.case).toBe('rev_list_failed')
    expect(await headOf(stage)).toBe(own)
  })

  it('rev_list_failed (unparseable): counts that are none are never taken for zero', () => {
    for (const line of [
      '# branch.ab',
      '# branch.ab + -',
      '# branch.ab +x -1',
      '# branch.ab 1 1',
      '# branch.ab +1',
    ])
      expect(parseAheadBehind(Buffer.from(`${line}\0`))).toBeNull()
  })

  it('already_in_sync: no step', () => {
    expect(isRow('equal', 'already_in_sync', 'info').steps).toEqual([])
  })

  it('local_ahead_pushed: one push', () => {
    expect(isRow('ahead', 'local_ahead_pushed', 'info').steps).toEqual(['push_branch'])
  })

  it('local_ahead_push_failed: the commits are kept', () => {
    const row = isRow('ahead_push_refused', 'local_ahead_push_failed', 'warn')
    expect(row.steps).toEqual(['push_branch'])
  })

  it('local_ahead_discarded: only because a person chose it; after a failed phase the commits are kept', () => {
    expect(isRow('reset_chosen_with_own', 'local_ahead_discarded', 'warn').wish).toEqual({ choice: 'reset' })
    expect(isRow('ahead_after_failure', 'local_ahead_kept', 'info').wish).toEqual({ push: false })
  })

  it('diverged_rebased: replayed, and pushed as well', () => {
    expect(isRow('diverged', 'divergence_rebased', 'info').steps).toContain('push_branch')
  })

  it('rebase_failed_then_recovers_via_reset: six steps in this order, the pin first', async () => {
    const { ending, before, stage } = await play('conflict')
    expect(ending.rounds[0]?.steps.map(({ kind }) => kind)).toEqual([
      'pin',
      'verify_pin',
      'push_pin',
      'reset_tree',
      'move_branch',
      'verify_worktree',
    ])
    expect(ending.question).toMatchObject({
      kind: 'hard_reset_recovery',
      details: {
        isReset: true,
        discarded: [{ sha: before.head, subject: 'Change knot.txt' }],
        pins: [{ head: before.head, push: 'pushed' }],
      },
    })
    expect(await headOf(stage)).toBe(ending.report.operation.after)
  })

  it('rebase_and_reset_failed: the question names pin and commits, and offers abort only', async () => {
    const { ending, before, stage } = await play('recovery_fails')
    expect(ending.question).toMatchObject({
      kind: 'hard_reset_recovery',
      options: [{ id: 'abort' }],
      details: {
        isReset: false,
        localHead: before.head,
        discarded: [{ sha: before.head, subject: 'Change knot.txt' }],
        pins: [{ head: before.head }],
      },
    })
    expect(await headOf(stage)).toBe(before.head)
  })

  it('backup_ref_write_failure: without a pin nothing is reset, and the question names the commit', async () => {
    const stage = await newStage()
    const own = await ownCommit(stage, { 'knot.txt': 'tied by the agent\n' })
    await remotePush(stage, { 'knot.txt': 'tied by alice\n' })
    const inTheWay = join(stage.mirror, 'refs/belay/backup', stage.session.id)
    await mkdir(dirname(inTheWay), { recursive: true })
    await writeFile(inTheWay, `${stage.start}\n`)
    const { report, question, rounds } = await runSync(stage, { push: true })
    expect(report.case).toBe('snapshot_failed')
    expect(rounds[0]?.backups).toEqual([])
    expect(await headOf(stage)).toBe(own)
    expect(await git(stage.tree, 'show', 'HEAD:knot.txt')).toBe('tied by the agent')
    expect(question).toMatchObject({
      kind: 'sync_blocked',
      details: { localHead: own, isReset: false, pins: [] },
    })
    expect(question?.options.map(({ id }) => id)).toEqual(['continue', 'abort'])
  })
})
