import { describe, expect, it } from 'vitest'
import { caseSpec, SYNC_CASES, type SyncCase } from '../../../src/domain/sync/case.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'

import { CHOSEN, RESET, ROWS } from './classify-rows.ts'
import { ALL_COMBINATIONS, walkEveryWorld, type World } from './every-world.ts'
import { PUSH } from './worktree-facts.ts'

/** Cases that only the outcome of a step can lead to (settle.test.ts). */
const BY_STEPS: readonly SyncCase[] = [
  'local_ahead_push_failed',
  'divergence_rebase_and_reset_failed',
  'backup_failed',
  'blocked_locked',
  'snapshot_failed',
  'move_refused',
  'reset_failed',
  'raced',
]

describe('classifyWorktree', () => {
  for (const [expected, why, facts, policy = PUSH] of ROWS) {
    it(`names ${expected} when ${why}`, () => {
      expect(classifyWorktree(facts, policy)).toBe(expected)
    })
  }

  for (const [expected, why, facts] of CHOSEN) {
    it(`names ${expected} when a person chose the remote and ${why}`, () => {
      expect(classifyWorktree(facts, RESET)).toBe(expected)
    })
  }

  it('gives every combination of facts and wishes exactly one case, and reaches every case that facts can lead to', () => {
    const reached = new Set<SyncCase>()
    const { worlds, combinations } = walkEveryWorld(({ facts, policy }) => {
      reached.add(classifyWorktree(facts, policy))
    })
    console.log(`classifyWorktree: ${combinations} combinations of facts, ${worlds} of them to be told apart`)
    expect(combinations).toBe(ALL_COMBINATIONS)
    expect([...reached, ...BY_STEPS].toSorted()).toEqual(Object.keys(SYNC_CASES).toSorted())
  })
})

describe('classifyWorktree, as laws over every combination', () => {
  const RESETS: readonly SyncCase[] = ['reset_succeeded', 'local_ahead_discarded']

  function always(law: (name: SyncCase, world: World) => void): void {
    let seen = 0
    walkEveryWorld((world) => {
      law(classifyWorktree(world.facts, world.policy), world)
      seen += 1
    })
    expect(seen).toBeGreaterThan(1000)
  }

  it('discards nothing of its own accord: a chosen reset was chosen', () => {
    always((name, { policy }) => {
      if (RESETS.includes(name)) expect(policy.choice).toBe('reset')
    })
  })

  it('resets by itself only where the repository wants it', () => {
    always((name, { policy }) => {
      if (name === 'divergence_recovered_via_reset') expect(policy.onConflict).toBe('reset')
    })
  })

  it('lets nobody go on while a lock lies there, a branch is in use, or an operation is half done', () => {
    always((name, { facts }) => {
      if (facts.kind !== 'inspected' || !caseSpec(name).mayGoOn) return
      expect(facts.locks).toEqual([])
      expect(facts.checkedOutElsewhere).toBeNull()
      if (!RESETS.includes(name)) expect(facts.inProgress).toBeNull()
    })
  })

  it('follows no rewritten branch where a person is to be asked', () => {
    always((name, { facts, policy }) => {
      if (!['divergence_rebased', 'already_upstream', 'adopted_rewind'].includes(name)) return
      const isRewritten = facts.kind === 'inspected' && facts.relation?.remoteContainsLastSynced === false
      expect(policy.askOnRewrite && isRewritten).toBe(false)
    })
  })

  it('resets wherever a reset is offered, but where something in the way can not be saved', () => {
    const saved: readonly SyncCase[] = [
      ...RESETS,
      'already_in_sync',
      'blocked_submodule',
      'blocked_nested_repo',
    ]
    let offered = 0
    always((_name, { facts }) => {
      if (caseSpec(classifyWorktree(facts, PUSH)).canReset !== true || facts.remote.kind !== 'fetched') return
      offered += 1
      expect(saved).toContain(classifyWorktree(facts, RESET))
    })
    expect(offered).toBeGreaterThan(100)
  })

  it('calls nothing in step unless both sides were compared and are', () => {
    always((name, { facts }) => {
      if (name !== 'already_in_sync') return
      expect(facts).toMatchObject({ kind: 'inspected', relation: { localAhead: 0, remoteAhead: 0 } })
    })
  })
})
