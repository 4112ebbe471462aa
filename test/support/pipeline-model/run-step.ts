// Runs one step of a plan on the simulated worktree and host, with the refusals that the real steps have.

import { assertNever } from '../../../src/domain/assert-never.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import type { StepOutcome, SyncStep } from '../../../src/domain/sync/step.ts'
import type { Faults } from './faults.ts'
import type { Host } from './host.ts'
import type { SimWorktree } from './worktree.ts'

/** Where steps run. */
export interface Machine {
  readonly host: Host
  readonly tree: SimWorktree
  readonly faults: Faults
  readonly now: () => number
}

type Step<K extends SyncStep['kind']> = Extract<SyncStep, { readonly kind: K }>

const DONE: StepOutcome = { kind: 'done' }

function failed(reason: Extract<StepOutcome, { readonly kind: 'failed' }>['reason']): StepOutcome {
  return { kind: 'failed', reason, detail: `It came to ${reason}` }
}

function raced(expected: Sha | null, actual: Sha | null): StepOutcome {
  return { kind: 'raced', expected, actual: actual ?? 'nothing' }
}

/** Runs it and says what happened. */
export function runStep(machine: Machine, step: SyncStep): StepOutcome {
  const { tree } = machine
  switch (step.kind) {
    case 'pin':
      return pin(machine, step)
    case 'verify_pin':
      return tree.pins.has(step.prefix) ? DONE : failed('not_pinned')
    case 'push_pin':
      return pushPin(machine, step)
    case 'reset_tree':
      return resetTree(machine, step)
    case 'move_tree':
      return moveTree(machine, step)
    case 'move_branch':
      if (tree.branch !== step.from) return raced(step.from, tree.branch)
      tree.branch = step.to
      return DONE
    case 'verify_worktree':
      return tree.branch === step.head && tree.files === step.head ? DONE : raced(step.head, tree.branch)
    case 'push_branch':
      return pushBranch(machine, step)
    case 'commit_leftovers':
      return commitLeftovers(machine)
    case 'end_operation':
    case 'attach_head':
      if (!tree.pins.has(step.prefix)) return failed('not_pinned')
      tree.trouble = null
      return DONE
    case 'recreate_worktree':
    case 'return_worktree':
      tree.trouble = null
      return DONE
    case 'push_rescue':
      return pushRescue(machine, step)
    case 'remove_stale_locks':
    case 'delete_pushed_pin':
      return DONE
    default:
      return assertNever(step)
  }
}

function pin({ tree, faults }: Machine, { prefix, head }: Step<'pin'>): StepOutcome {
  if (faults.pin) return failed('snapshot_failed')
  if (head !== null && tree.branch !== head) return raced(head, tree.branch)
  tree.pins.set(prefix, tree.save())
  const sha = tree.branch
  return { kind: 'pinned', head: sha, index: sha, worktree: sha, paths: Object.keys(tree.edits) }
}

function pushPin({ faults, tree }: Machine, { prefix }: Step<'push_pin'>): StepOutcome {
  if (!tree.pins.has(prefix)) return failed('not_pinned')
  const result = faults.pinPush ?? 'pushed'
  return { kind: 'push', result, detail: result === 'pushed' ? '' : 'The host refuses the pin' }
}

/** Whatever has no verified pin is not thrown away, here as there. */
function resetTree({ tree, faults }: Machine, step: Step<'reset_tree'>): StepOutcome {
  const saved = tree.pins.get(step.prefix)
  if (saved === undefined || JSON.stringify(saved) !== JSON.stringify(tree.save()))
    return failed('not_pinned')
  if (tree.branch !== step.from) return raced(step.from, tree.branch)
  if (faults.reset) return failed('git_failed')
  tree.files = step.target
  tree.edits = {}
  return DONE
}

function moveTree({ tree }: Machine, { from, target }: Step<'move_tree'>): StepOutcome {
  if (tree.files !== from) return raced(from, tree.files)
  const comes = tree.commits.pathsBetween(from, target)
  if (Object.keys(tree.edits).some((path) => comes.includes(path))) return failed('collision')
  tree.files = target
  return DONE
}

function pushBranch({ host, faults, now }: Machine, { head, expected }: Step<'push_branch'>): StepOutcome {
  if (faults.push !== null)
    return { kind: 'push', result: faults.push, detail: 'The host refuses the branch' }
  if (host.head !== expected)
    return { kind: 'push', result: 'non_fast_forward', detail: 'Somebody was first' }
  host.move(head, { by: 'belay', now: now() })
  return { kind: 'push', result: 'pushed', detail: '' }
}

function commitLeftovers({ tree }: Machine): StepOutcome {
  const paths = Object.keys(tree.edits)
  if (tree.trouble !== null || tree.files !== tree.branch) return failed('git_failed')
  if (paths.length === 0) return { kind: 'nothing_to_commit', leftOut: [] }
  const head = tree.commit(tree.edits, 'belay')
  tree.edits = {}
  return { kind: 'committed', head, paths, leftOut: [] }
}

function pushRescue({ host, tree }: Machine, { prefix, branch, content }: Step<'push_rescue'>): StepOutcome {
  const saved = tree.pins.get(prefix)
  if (saved === undefined) return failed('not_pinned')
  const there = host.branches.get(branch)
  if (there !== undefined && there !== saved.head)
    return { kind: 'push', result: 'non_fast_forward', detail: 'It is there already' }
  if (content === 'dirty' && Object.keys(saved.edits).length === 0)
    return { kind: 'nothing_to_commit', leftOut: [] }
  host.branches.set(branch, saved.head)
  return { kind: 'push', result: 'pushed', detail: '' }
}
