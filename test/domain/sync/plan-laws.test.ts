import { describe, expect, it } from 'vitest'
import { caseSpec, SYNC_CASES, type SyncCase } from '../../../src/domain/sync/case.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { planSync } from '../../../src/domain/sync/plan.ts'
import { settleCase } from '../../../src/domain/sync/settle.ts'
import type { StepOutcome, SyncStep } from '../../../src/domain/sync/step.ts'
import { ALL_COMBINATIONS, walkEveryWorld, type World } from './every-world.ts'
import { LOCAL, REMOTE } from './worktree-facts.ts'

const prefix = pinPrefix({ sessionId: 'rocket-1', unixNs: 17n, random: 'abcd' })

type Kind = SyncStep['kind']
/** Steps that write over files, forget an operation, or leave commits behind, whatever the facts. */
const RISKY: readonly Kind[] = ['reset_tree', 'end_operation', 'attach_head', 'recreate_worktree']
const MOVES: readonly Kind[] = ['move_tree', 'move_branch']
/** What the plan of a sync may be made of; other steps have callers of their own. */
const PLANNED: readonly Kind[] = [
  ...RISKY,
  ...MOVES,
  ...(['pin', 'verify_pin', 'push_pin', 'verify_worktree'] as const),
  ...(['push_branch', 'remove_stale_locks', 'return_worktree'] as const),
]

interface Plan {
  readonly name: SyncCase
  readonly steps: readonly SyncStep[]
  readonly kinds: readonly Kind[]
}

function planFor({ facts, policy, pushPin }: World): Plan {
  const name = classifyWorktree(facts, policy)
  const steps = planSync(name, facts, { policy, pushPin, prefix })
  return { name, steps, kinds: steps.map(({ kind }) => kind) }
}

/** Holds a law against every plan there can be; returns how many kinds of plan that were. */
function always(law: (plan: Plan, world: World) => boolean): number {
  const plans = new Set<string>()
  const { combinations } = walkEveryWorld((world) => {
    const plan = planFor(world)
    const words = `${plan.name}: ${plan.kinds.join(' ')}`
    plans.add(words)
    if (!law(plan, world)) throw new Error(`The law does not hold for ${words}`)
  })
  expect(combinations).toBe(ALL_COMBINATIONS)
  expect(plans.size).toBeGreaterThan(40)
  return plans.size
}

function isPinnedBefore(steps: readonly SyncStep[], position: number): boolean {
  const before = steps.slice(0, position)
  const pin = before.findIndex((step) => step.kind === 'pin' && step.prefix === prefix)
  const verify = before.findIndex((step) => step.kind === 'verify_pin' && step.prefix === prefix)
  return pin !== -1 && verify > pin
}

/** A move to a commit that does not hold ours leaves commits behind, so it needs the pin as well. */
function leavesCommits({ facts }: World): boolean {
  return facts.kind !== 'inspected' || facts.relation?.localAhead !== 0
}

describe('planSync, over every combination of facts and wishes', () => {
  it('plans known steps, none twice', () => {
    const plans = always(
      ({ kinds }) => kinds.every((kind) => PLANNED.includes(kind)) && new Set(kinds).size === kinds.length,
    )
    console.log(`planSync: ${plans} different plans for ${ALL_COMBINATIONS} combinations`)
  })

  it('pushes no commit but the one that reviewers accepted, where they decide about it', () => {
    let pushes = 0
    always(({ steps }, { policy, facts }) =>
      steps.every((step) => {
        if (step.kind !== 'push_branch' || policy.reviewed === null) return true
        pushes += 1
        // A branch that is gone is pushed again because a person said so, as it was; one that never was is pushed whole.
        const wasThere = facts.kind === 'inspected' ? facts.lastSynced : null
        const isRestored = policy.choice === 'restore_branch' && step.head === (wasThere ?? step.head)
        return step.head === policy.reviewed || isRestored
      }),
    )
    expect(pushes).toBeGreaterThan(0)
  })

  it('holds no risky step, and no move that leaves commits behind, without a pin that was read back before it', () => {
    let risks = 0
    always(({ steps }, world) =>
      steps.every((step, position) => {
        const isRisky = RISKY.includes(step.kind) || (MOVES.includes(step.kind) && leavesCommits(world))
        risks += isRisky ? 1 : 0
        return !isRisky || isPinnedBefore(steps, position)
      }),
    )
    expect(risks).toBeGreaterThan(1000)
  })

  it('pins with the target in view exactly when a step follows that writes over things, or ignored files count', () => {
    always(({ steps, kinds, name }) => {
      const pin = steps.find((step) => step.kind === 'pin')
      if (pin?.kind !== 'pin') return true
      const isReset =
        kinds.includes('reset_tree') ||
        ['divergence_recovered_via_reset', 'blocked_ignored_collision'].includes(name)
      return isReset === (pin.target !== null)
    })
  })

  it('touches nothing under a lock, and takes no branch that somebody else stands on', () => {
    let held = 0
    always(({ kinds }, { facts }) => {
      if (facts.kind !== 'inspected' || (facts.locks.length === 0 && facts.checkedOutElsewhere === null))
        return true
      held += 1
      return !kinds.some((kind) => RISKY.includes(kind) || MOVES.includes(kind) || kind === 'push_branch')
    })
    expect(held).toBeGreaterThan(1)
  })

  it('pushes the branch only when told to push, or when a person wants it back', () => {
    always(
      ({ kinds }, { policy }) =>
        !kinds.includes('push_branch') || policy.push || policy.choice === 'restore_branch',
    )
  })

  it('pushes the pin only where the repository wants that, and only before a reset', () => {
    always(({ kinds, steps }, { pushPin }) => {
      const position = kinds.indexOf('push_pin')
      if (position === -1) return true
      return (
        pushPin &&
        isPinnedBefore(steps, position) &&
        kinds.slice(position).some((kind) => kind !== 'push_pin')
      )
    })
  })

  it('ends every move of files by moving the branch to the same commit', () => {
    always(({ steps, kinds }, { facts }) => {
      const move = steps.find((step) => step.kind === 'reset_tree' || step.kind === 'move_tree')
      if (move === undefined || !('target' in move)) return !kinds.includes('move_branch')
      const branch = steps.find((step) => step.kind === 'move_branch')
      if (branch?.kind !== 'move_branch') return facts.kind === 'inspected' && facts.branchSha === move.target
      return branch.to === move.target && steps.indexOf(branch) > steps.indexOf(move)
    })
  })

  it('leaves the worktree as it is wherever a person is asked without a reset', () => {
    always(({ name, kinds }) => {
      const { opens, startsOver } = caseSpec(name)
      if (opens === null || opens === 'hard_reset_recovery' || startsOver) return true
      return kinds.every((kind) => kind === 'pin' || kind === 'verify_pin')
    })
  })

  it('saves everything of a worktree it asks about, but where nothing can be read or nothing is wrong with it', () => {
    const UNPINNED: readonly SyncCase[] = [
      'fetch_failed',
      'tampered',
      'branch_detect_failed',
      'worktree_unreadable',
    ]
    always(({ name, kinds }) => {
      const { opens, startsOver } = caseSpec(name)
      return opens === null || startsOver === true || UNPINNED.includes(name) || kinds.includes('pin')
    })
  })
})

describe('cases that start over', () => {
  const DONE: StepOutcome = { kind: 'done' }
  const FAILED: StepOutcome = { kind: 'failed', reason: 'git_failed', detail: 'exit 128' }
  const STARTING_OVER = (Object.keys(SYNC_CASES) as SyncCase[]).filter((name) => caseSpec(name).startsOver)

  it('end otherwise when a step of theirs fails, so that no round goes on for ever', () => {
    const seen = new Set<SyncCase>()
    always(({ name, steps }) => {
      if (!caseSpec(name).startsOver) return true
      seen.add(name)
      return steps.every((step, position) => {
        const before = steps.slice(0, position).map((done) => ({ step: done, outcome: DONE }))
        return !caseSpec(settleCase(name, [...before, { step, outcome: FAILED }])).startsOver
      })
    })
    expect([...seen, 'move_refused', 'raced'].toSorted()).toEqual(STARTING_OVER.toSorted())
  })

  it('a refused move ends where a closer look finds what is in the way', () => {
    const step = { kind: 'move_tree', from: LOCAL, target: REMOTE } as const
    const outcome = { kind: 'failed', reason: 'collision', detail: 'note.txt' } as const
    expect(settleCase('fast_forwarded', [{ step, outcome }])).toBe('move_refused')
    always(({ name }, { facts }) => {
      if (
        facts.kind !== 'inspected' ||
        !['fast_forwarded', 'fast_forwarded_dirty', 'divergence_rebased'].includes(name)
      )
        return true
      const { dirty, untracked, ignored } = facts.tree.collisions
      return dirty.length + untracked.length + ignored.length === 0
    })
  })
})
