import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { describeStep, planResume, planSync } from '../../../src/domain/sync/plan.ts'
import { isDestructive } from '../../../src/domain/sync/step.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import {
  anyFacts,
  BRANCH,
  CLEAN_REBASE,
  CONFLICT,
  LOCAL,
  REBASED,
  REMOTE,
  shaOf,
  worktree,
} from './worktree-facts.ts'

const prefix = pinPrefix({ sessionId: 'rocket-1', unixNs: 17n, random: 'abcd' })
const policy = { push: true, onConflict: 'reset' } as const
const options = { policy, pushPin: true, prefix }

function kinds(steps: readonly SyncStep[] | null): readonly string[] {
  return (steps ?? []).map((step) => step.kind)
}

describe('planSync', () => {
  it('moves files before the branch when it fast-forwards, and checks both', () => {
    const facts = worktree({ remoteAhead: 1 })
    expect(planSync('fast_forwarded', facts, options)).toEqual([
      { kind: 'move_tree', from: LOCAL, target: REMOTE },
      { kind: 'move_branch', branch: BRANCH, from: LOCAL, to: REMOTE },
      { kind: 'verify_worktree', head: REMOTE },
    ])
  })

  it('pushes with a lease on the remote head it saw', () => {
    expect(planSync('local_ahead_pushed', worktree({ localAhead: 1 }), options)).toEqual([
      { kind: 'push_branch', branch: BRANCH, head: LOCAL, expected: REMOTE },
    ])
  })

  it('pins before it replays, and pushes what came of it', () => {
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase: CLEAN_REBASE } })
    const steps = planSync('divergence_rebased', facts, options)
    expect(kinds(steps)).toEqual([
      'pin',
      'verify_pin',
      'move_tree',
      'move_branch',
      'verify_worktree',
      'push_branch',
    ])
    expect(steps.at(-1)).toEqual({ kind: 'push_branch', branch: BRANCH, head: REBASED, expected: REMOTE })
  })

  it('pushes nothing when upstream already had all of our commits', () => {
    const rebase = { kind: 'clean', newHead: REMOTE, dropped: [] } as const
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase } })
    expect(kinds(planSync('divergence_rebased', facts, options))).not.toContain('push_branch')
  })

  it('pins, reads back, pushes the pin and only then resets', () => {
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase: CONFLICT } })
    expect(kinds(planSync('divergence_recovered_via_reset', facts, options))).toEqual([
      'pin',
      'verify_pin',
      'push_pin',
      'reset_tree',
      'move_branch',
      'verify_worktree',
    ])
  })

  it('keeps the pin at home when the repository says so', () => {
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase: CONFLICT } })
    const steps = planSync('divergence_recovered_via_reset', facts, { ...options, pushPin: false })
    expect(kinds(steps)).not.toContain('push_pin')
  })

  it('never holds a destructive step without a pin of the same prefix that was read back before it', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.boolean(),
        fc.constantFrom('reset' as const, 'pause' as const),
        (facts, push, onConflict) => {
          const chosen = { push, onConflict }
          const steps = planSync(classifyWorktree(facts, chosen), facts, {
            policy: chosen,
            pushPin: true,
            prefix,
          })
          for (const [position, step] of steps.entries()) {
            if (!isDestructive(step)) continue
            const before = steps.slice(0, position)
            const pinned = before.findIndex((other) => other.kind === 'pin' && other.prefix === prefix)
            const verified = before.findIndex(
              (other) => other.kind === 'verify_pin' && other.prefix === prefix,
            )
            expect(pinned).toBeGreaterThanOrEqual(0)
            expect(verified).toBeGreaterThan(pinned)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('plans nothing once the worktree is in sync', () => {
    expect(planSync('already_in_sync', worktree(), options)).toEqual([])
  })

  it('has words for every step it plans', () => {
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase: CONFLICT } })
    const words = planSync('divergence_recovered_via_reset', facts, options).map(describeStep)
    expect(new Set(words).size).toBe(words.length)
  })
})

describe('planResume', () => {
  const heads = { from: LOCAL, target: REMOTE, prefix }

  it('pins the half-done reset again before it repeats it', () => {
    expect(kinds(planResume({ facts: worktree({ localAhead: 1, remoteAhead: 1 }), ...heads }))).toEqual([
      'pin',
      'verify_pin',
      'reset_tree',
      'move_branch',
      'verify_worktree',
    ])
  })

  it('only checks when the branch was moved already', () => {
    const facts = worktree({ head: { kind: 'attached', branch: BRANCH, sha: REMOTE } })
    expect(planResume({ facts, ...heads })).toEqual([{ kind: 'verify_worktree', head: REMOTE }])
  })

  it('gives up when somebody moved the branch somewhere else', () => {
    const facts = worktree({ head: { kind: 'attached', branch: BRANCH, sha: shaOf('9') } })
    expect(planResume({ facts, ...heads })).toBeNull()
  })
})
