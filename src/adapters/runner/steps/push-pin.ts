// Step: put the pinned head, and its files when wanted, on the remote under the pin's own name. A refusal is an outcome;
// the local pin still holds.

import { branchRef, type RefName, type Sha } from '../../../domain/ids.ts'
import { pinRef } from '../../../domain/sync/pin.ts'
import { takesNoPins, type PushResult, type StepOutcome } from '../../../domain/sync/step.ts'
import { findSecrets } from '../pins/find-secrets.ts'
import { diffTrees } from '../pins/pin-diff.ts'
import type { PinCommits } from '../pins/pins.ts'
import { pushRef, type PushAnswer } from '../repositories/push-ref.ts'
import { mirrorPlace } from '../repositories/session-paths.ts'
import { readPinBack, type StepOf, type StepWorld } from './step-world.ts'

/** GitHub warns at this size of a file and refuses at twice as much. */
const MOST_FILE_BYTES = 50_000_000
/** Together; a pin is a safety copy and must not take an hour of somebody's quota. */
const MOST_BYTES = 200_000_000

/** Pushes the pin's head and reads it back; where its name is refused, to the branch that may be used instead. */
export async function pushPin(world: StepWorld, step: StepOf<'push_pin'>): Promise<StepOutcome> {
  const { prefix, head, withFiles, fallback } = step
  const { repository } = world.workspace
  const pin = await readPinBack(world, prefix)
  if (pin.kind !== 'verified') return pin
  // Whatever the plan says: nothing but the pin leaves this machine under its name.
  if (pin.commits.head !== head)
    return { kind: 'failed', reason: 'not_pinned', detail: `${head} is not pinned there` }
  const answer = await world.pins.push({ paths: world.paths, prefix, head, repository })
  if (answer.result === 'pushed') {
    const files = withFiles === true ? { files: await pushFiles(world, prefix, pin.commits) } : {}
    return { kind: 'push', ...answer, ...files }
  }
  if (fallback === undefined || !takesNoPins(answer.result)) return { kind: 'push', ...answer }
  const instead = await push(world, head, branchRef(fallback))
  return { kind: 'push', ...answer, ...(instead.result === 'pushed' ? { fallback } : {}) }
}

/**
 * The head is safe already, so whatever becomes of the files stops nothing.
 *
 * A pin is exact or it is none: one file that may not leave this machine keeps index and worktree here.
 */
async function pushFiles(world: StepWorld, prefix: RefName, pin: PinCommits): Promise<PushResult> {
  const { index, worktree } = pin
  if (await holdsSecrets(world, pin)) return 'secret_found'
  if (await isTooLarge(world, [index, worktree])) return 'too_large'
  const first = await push(world, index, pinRef(prefix, 'index'))
  if (first.result !== 'pushed') return first.result
  return (await push(world, worktree, pinRef(prefix, 'worktree'))).result
}

async function holdsSecrets(
  { door, paths }: StepWorld,
  { head, index, worktree }: PinCommits,
): Promise<boolean> {
  const place = { door, mirror: paths.mirror }
  const changes = [
    ...(await diffTrees(place, { from: head, to: index })),
    ...(await diffTrees(place, { from: head, to: worktree })),
  ]
  return [...(await findSecrets(place, changes)).values()].includes('secret_like')
}

async function isTooLarge({ door, paths }: StepWorld, tips: readonly Sha[]): Promise<boolean> {
  const at = mirrorPlace(paths)
  const parents = tips.map((tip) => `${tip}^1`)
  const range = [...tips, '--not', ...parents, '--glob=refs/remotes/origin/*']
  const listed = await door.text({ at, args: ['rev-list', '--objects', '--no-object-names', ...range] })
  if (listed === '') return false
  const sizes = await door.text({
    at,
    args: ['cat-file', '--batch-check=%(objectsize)'],
    input: `${listed}\n`,
  })
  const all = sizes.split('\n').map(Number)
  return all.some((size) => size >= MOST_FILE_BYTES) || all.reduce((sum, size) => sum + size, 0) >= MOST_BYTES
}

function push(world: StepWorld, sha: Sha, ref: RefName): Promise<PushAnswer> {
  const { repository } = world.workspace
  return pushRef(world, { mirror: world.paths.mirror, repository, sha, ref, expected: null })
}
