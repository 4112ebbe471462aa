import { describe, expect, it } from 'vitest'
import { caseSpec, type SyncCase } from '../../../src/domain/sync/case.ts'
import { classifyWorktree } from '../../../src/domain/sync/classify.ts'
import { pinPrefix } from '../../../src/domain/sync/pin.ts'
import { planResume, planSync, type PlanOptions } from '../../../src/domain/sync/plan.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import {
  BRANCH,
  CLEAN_REBASE,
  CLEAN_TREE,
  CONFLICT,
  LOCAL,
  PUSH,
  REBASED,
  REMOTE,
  shaOf,
  worktree,
} from './worktree-facts.ts'

const prefix = pinPrefix({ sessionId: 'rocket-1', unixNs: 17n, random: 'abcd' })
const options: PlanOptions = { policy: PUSH, pushPin: true, prefix }
const OTHER = shaOf('9')
const DIVERGED = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase: CONFLICT } })

function kinds(steps: readonly SyncStep[] | null): readonly string[] {
  return (steps ?? []).map((step) => step.kind)
}

describe('planSync, where nothing of ours is given up', () => {
  it('plans nothing once the worktree is in sync', () => {
    expect(planSync('already_in_sync', worktree(), options)).toEqual([])
  })

  it('moves files before the branch when it fast-forwards', () => {
    expect(planSync('fast_forwarded', worktree({ remoteAhead: 1 }), options)).toEqual([
      { kind: 'move_tree', from: LOCAL, target: REMOTE },
      { kind: 'move_branch', branch: BRANCH, from: LOCAL, to: REMOTE },
    ])
  })

  it('pushes with a lease on the remote head it saw', () => {
    expect(planSync('local_ahead_pushed', worktree({ localAhead: 1 }), options)).toEqual([
      { kind: 'push_branch', branch: BRANCH, head: LOCAL, expected: REMOTE },
    ])
  })

  it('brings a deleted branch back create-only', () => {
    const gone = worktree({ remote: { kind: 'deleted' }, relation: null })
    expect(planSync('local_ahead_pushed', gone, options)).toEqual([
      { kind: 'push_branch', branch: BRANCH, head: LOCAL, expected: null },
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

  it('pushes nothing when the remote already had all of our commits', () => {
    const rebase = { kind: 'clean', newHead: REMOTE, dropped: [] } as const
    const facts = worktree({ localAhead: 1, remoteAhead: 1, relation: { rebase } })
    expect(kinds(planSync('already_upstream', facts, options))).not.toContain('push_branch')
  })

  it('pins a blocked worktree with every commit that only it remembers, and touches nothing', () => {
    const facts = worktree({
      inProgress: 'rebase',
      head: { kind: 'detached', sha: OTHER },
      otherCommits: [REMOTE, OTHER],
    })
    expect(planSync('blocked_in_progress', facts, options)).toEqual([
      { kind: 'pin', prefix, head: OTHER, target: null, message: expect.any(String), also: [REMOTE, LOCAL] },
      { kind: 'verify_pin', prefix },
    ])
  })

  it('makes a deleted folder again only after what its index holds was pinned', () => {
    const remote = { kind: 'deleted' } as const
    const gone = { kind: 'unavailable', branch: BRANCH, remote } as const
    const steps = planSync(
      'worktree_recreated',
      { ...gone, fault: { kind: 'missing', head: LOCAL } },
      options,
    )
    expect(kinds(steps)).toEqual(['pin', 'verify_pin', 'recreate_worktree'])
    const moved = { ...gone, fault: { kind: 'moved', to: 'away' } } as const
    expect(planSync('worktree_repaired', moved, options)).toEqual([{ kind: 'return_worktree', from: 'away' }])
  })
})

describe('planSync, recovery', () => {
  it('pins, reads back, pushes the pin and only then resets', () => {
    expect(kinds(planSync('divergence_recovered_via_reset', DIVERGED, options))).toEqual([
      'pin',
      'verify_pin',
      'push_pin',
      'reset_tree',
      'move_branch',
      'verify_worktree',
    ])
  })

  it('lets git refuse whatever it would write over in a worktree that looks untouched', () => {
    const steps = planSync('divergence_recovered_via_reset', DIVERGED, options)
    expect(steps).toContainEqual({ kind: 'reset_tree', prefix, from: LOCAL, target: REMOTE, isGentle: true })
  })

  it.each([
    ['an uncommitted change', { dirty: ['a'] }],
    ['a hidden edit', { hiddenEdits: ['a'] }],
    ['an ignored file in the way', { collisions: { ...CLEAN_TREE.collisions, ignored: ['a'] } }],
  ])('writes over %s, which is in the pin', (_what, tree) => {
    const facts = { ...DIVERGED, tree: { ...CLEAN_TREE, ...tree } }
    const steps = planSync('divergence_recovered_via_reset', facts, options)
    expect(steps).toContainEqual({ kind: 'reset_tree', prefix, from: LOCAL, target: REMOTE })
  })

  it('keeps the pin at home when the repository says so', () => {
    const steps = planSync('divergence_recovered_via_reset', DIVERGED, { ...options, pushPin: false })
    expect(kinds(steps)).not.toContain('push_pin')
  })
})

describe('planSync, a reset that a person chose', () => {
  it('ends what is half done, puts HEAD back on the branch, and moves the branch last', () => {
    const head = { kind: 'detached', sha: OTHER } as const
    const facts = worktree({ ...DIVERGED, inProgress: 'rebase', head, relation: DIVERGED.relation })
    const steps = planSync('local_ahead_discarded', facts, options)
    expect(kinds(steps)).toEqual([
      'pin',
      'verify_pin',
      'push_pin',
      'end_operation',
      'reset_tree',
      'attach_head',
      'move_branch',
      'verify_worktree',
    ])
    expect(steps).toContainEqual({ kind: 'reset_tree', prefix, from: OTHER, target: REMOTE })
    expect(steps).toContainEqual({ kind: 'move_branch', branch: BRANCH, from: LOCAL, to: REMOTE })
  })

  it('makes the branch when it has no commit', () => {
    const head = { kind: 'unborn', branch: BRANCH } as const
    const facts = worktree({
      head,
      branchSha: null,
      relation: null,
      remote: { kind: 'fetched', head: REMOTE, base: null },
    })
    expect(planSync('local_ahead_discarded', facts, options)).toEqual([
      { kind: 'pin', prefix, head: null, target: REMOTE, message: expect.any(String) },
      { kind: 'verify_pin', prefix },
      { kind: 'reset_tree', prefix, from: null, target: REMOTE },
      { kind: 'move_branch', branch: BRANCH, from: null, to: REMOTE },
      { kind: 'verify_worktree', head: REMOTE },
    ])
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
    const facts = worktree({ head: { kind: 'attached', branch: BRANCH, sha: OTHER } })
    expect(planResume({ facts, ...heads })).toBeNull()
  })

  it('gives up when another branch is checked out', () => {
    const facts = worktree({ head: { kind: 'attached', branch: 'other', sha: LOCAL } })
    expect(planResume({ facts, ...heads })).toBeNull()
  })
})

describe('caseSpec of what is planned', () => {
  it('blocks readers wherever a plan only pins', () => {
    const names: readonly SyncCase[] = [
      'blocked_dirty',
      'detached_head',
      'remote_deleted',
      'unrelated_histories',
    ]
    for (const name of names) {
      expect(kinds(planSync(name, worktree(), options))).toEqual(['pin', 'verify_pin'])
      expect(caseSpec(name).mayGoOn).toBe(false)
    }
    expect(classifyWorktree(worktree(), PUSH)).toBe('already_in_sync')
  })
})
