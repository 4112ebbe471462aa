// Step: delete the pushed copy of a pin. Refuses unless the local pin was read back whole and the remote still has it.

import { isAppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import { classifyPush } from '../../../domain/sync/push-result.ts'
import { pinRef } from '../../../domain/sync/pin.ts'
import type { StepOutcome } from '../../../domain/sync/step.ts'
import type { PinCommits } from '../pins/pins.ts'
import { SILENCE_MS, tokenFault } from '../repositories/remote.ts'
import type { RemoteAccess } from '../git/git-door.ts'
import type { StepOf, StepWorld } from './step-world.ts'

const LEAVES = ['head', 'index', 'worktree'] as const

/** Deletes by lease and reads back; `done` also when nothing was there any more. */
export async function deletePushedPin(
  world: StepWorld,
  step: StepOf<'delete_pushed_pin'>,
): Promise<StepOutcome> {
  const { prefix, head } = step
  const check = await world.pins.verify({ paths: world.paths, prefix })
  if (check.kind === 'unverified') return { kind: 'failed', reason: 'not_pinned', detail: check.detail }
  if (check.commits.head !== head)
    return { kind: 'failed', reason: 'not_pinned', detail: `the pin holds ${String(check.commits.head)}` }
  let access: RemoteAccess | null
  try {
    access = await world.remotes.accessTo(world.workspace.repository)
  } catch (error) {
    const { reason: result, detail } = tokenFault(error)
    return { kind: 'push', result, detail }
  }
  const there = await listRemote(world, step, access)
  if (there.kind === 'unreadable') return unreadable(there.words)
  if (there.refs.size === 0) return { kind: 'done' }
  const stranger = findStranger(there.refs, { prefix, commits: check.commits })
  if (stranger !== null) return { kind: 'raced', expected: head, actual: stranger }
  const words = await deleteRefs(world, there.refs, access)
  const after = await listRemote(world, step, access)
  if (after.kind === 'unreadable') return unreadable(after.words)
  if (after.refs.size === 0) return { kind: 'done' }
  const moved = findStranger(after.refs, { prefix, commits: check.commits })
  if (moved !== null) return { kind: 'raced', expected: head, actual: moved }
  return { kind: 'push', result: classifyPush(words), detail: words.slice(0, 1000) }
}

function unreadable(words: string): StepOutcome {
  return { kind: 'push', result: classifyPush(words), detail: words.slice(0, 1000) }
}

/** Returns the first ref below the prefix that is not what the local pin holds, in words. */
function findStranger(
  refs: ReadonlyMap<string, string>,
  pin: { readonly prefix: StepOf<'delete_pushed_pin'>['prefix']; readonly commits: PinCommits },
): string | null {
  const ours = new Map<string, Sha | null>(
    LEAVES.map((leaf) => [pinRef(pin.prefix, leaf), pin.commits[leaf]]),
  )
  const stranger = [...refs].find(([ref, sha]) => ours.get(ref) !== sha)
  return stranger === undefined ? null : `${stranger[0]} at ${stranger[1]}`
}

type RemoteList =
  | { readonly kind: 'read'; readonly refs: ReadonlyMap<string, string> }
  | { readonly kind: 'unreadable'; readonly words: string }

async function listRemote(
  { door, remotes, paths, workspace }: StepWorld,
  { prefix }: StepOf<'delete_pushed_pin'>,
  access: RemoteAccess | null,
): Promise<RemoteList> {
  const args = ['ls-remote', '--end-of-options', remotes.urlOf(workspace.repository), `${prefix}/*`]
  try {
    const text = await door.text({ at: { gitDir: paths.mirror }, access, args, silenceMs: SILENCE_MS.read })
    const lines = text.split('\n').filter((line) => line.slice(41).startsWith(`${prefix}/`))
    return { kind: 'read', refs: new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)])) }
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return { kind: 'unreadable', words: error.details.detail }
  }
}

/** All or none: half a pin on the remote would look like a whole one. Returns everything git said. */
async function deleteRefs(
  { door, remotes, paths, workspace }: StepWorld,
  refs: ReadonlyMap<string, string>,
  access: RemoteAccess | null,
): Promise<string> {
  const leases = [...refs].map(([ref, sha]) => `--force-with-lease=${ref}:${sha}`)
  const flags = [
    '--porcelain',
    '--no-verify',
    '--no-signed',
    ...(refs.size > 1 ? ['--atomic'] : []),
    ...leases,
  ]
  const url = remotes.urlOf(workspace.repository)
  const deletions = [...refs.keys()].map((ref) => `:${ref}`)
  try {
    const { stdout, stderr } = await door.run({
      at: { gitDir: paths.mirror },
      access,
      expect: 'any',
      silenceMs: SILENCE_MS.push,
      args: ['push', ...flags, '--end-of-options', url, ...deletions],
    })
    return `${stderr}\n${stdout.toString('utf8')}`
  } catch (error) {
    if (!isAppError(error, 'GIT_FAILED')) throw error
    return error.details.detail
  }
}
