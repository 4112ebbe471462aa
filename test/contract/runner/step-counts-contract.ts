// How many git processes a sync starts, counted over the plan that production makes for the state it really sees. A
// number that grows is a cost that every sync pays; docs/performance.md gives each with its reason.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, tryGit } from '../../support/temp-repo.ts'
import { COUNTED_OPERATIONS, type CountedOperation } from './counted-operations.ts'
import type { StartWorld } from './runner-contract.ts'
import { syncWhole, type CountedSync } from './whole-sync.ts'

interface Synced {
  readonly world: RunnerWorld
  readonly sync: CountedSync
  /** Where the worktree was before, and where the remote was. */
  readonly ours: Sha
  readonly theirs: Sha
}

async function play(start: StartWorld, operation: CountedOperation, push: boolean): Promise<Synced> {
  const { arrange, isRemoteAhead, isKnown } = operation
  const world = await start()
  await world.prepare()
  const head = async (): Promise<Sha> => toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  const lastSynced = await head()
  await arrange?.(world)
  const ours = await head()
  const theirs =
    isRemoteAhead === true ? toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n' })) : lastSynced
  const workspace = world.workspace()
  if (isKnown === true) await world.runner.observeRemote({ workspace, lastSynced })
  const knownHead = isKnown === true ? theirs : null
  return { world, ours, theirs, sync: await syncWhole(world, { lastSynced, knownHead, push }) }
}

function expectNumbers({ processes }: CountedOperation, sync: CountedSync, push: boolean): void {
  const words = `look: ${sync.looking.join(' ')}; steps: ${sync.steps.join(' ')}; push: ${sync.pushing.join(' ')}`
  const found = {
    looking: sync.looking.length,
    steps: sync.steps.length,
    pushing: sync.pushing.length,
  }
  expect(found, words).toEqual(push ? processes : { ...processes, pushing: 0 })
}

/** The counts mean nothing when the work was not done. */
async function expectDone({ world, sync, ours, theirs }: Synced, push: boolean): Promise<void> {
  const tree = world.tree()
  const head = await git(tree, 'rev-parse', 'HEAD')
  const isReplayed = sync.case === 'divergence_rebased'
  const isAhead = sync.case === 'local_ahead_kept' || sync.case === 'local_ahead_pushed'
  if (isReplayed) expect(await git(tree, 'merge-base', 'HEAD', theirs)).toBe(theirs)
  else expect(head).toBe(isAhead ? ours : theirs)
  const pushed = push && (isReplayed || isAhead) ? head : theirs
  expect(await world.origin.ref('refs/heads/work')).toBe(pushed)
  const pins = sync.outcomes.filter(({ kind }) => kind === 'pinned')
  const isPinning = isReplayed || sync.case === 'divergence_recovered_via_reset'
  expect(pins).toMatchObject(isPinning ? [{ head: ours }] : [])
  const listing = await tryGit({ cwd: world.origin.path, args: ['for-each-ref', '--points-at', ours] })
  if (push && sync.case === 'divergence_recovered_via_reset')
    expect(listing.stdout.toString()).toMatch(/\/head$/m)
}

export function describeStepCounts(start: StartWorld): void {
  describe('a whole sync: the number of git processes', () => {
    it.each(COUNTED_OPERATIONS)('$name', async (operation) => {
      const wishes = operation.processes.pushing === 0 ? [true] : [false, true]
      for (const push of wishes) {
        const synced = await play(start, operation, push)
        expect(synced.sync.case).toBe((push && operation.caseWithPush) || operation.case)
        expectNumbers(operation, synced.sync, push)
        await expectDone(synced, push)
      }
    })

    it('pins all 36 changed paths within those numbers', async () => {
      const operation = COUNTED_OPERATIONS.find(({ name }) => name.startsWith('recovery, 36'))
      if (operation === undefined) throw new Error('No operation with changed files is counted')
      const { world, sync } = await play(start, operation, false)
      const [pinned] = sync.outcomes
      if (pinned?.kind !== 'pinned') throw new Error(JSON.stringify(pinned))
      expect(pinned.paths).toHaveLength(36)
      const blob = (commit: Sha): Promise<string> =>
        git(world.mirror, 'cat-file', 'blob', `${commit}:staged/0.txt`)
      expect(await blob(pinned.worktree)).toBe('staged and changed')
      expect(await blob(pinned.index)).toBe('staged 0')
      expect(sync.steps.length).toBeLessThanOrEqual(14)
    })

    it('is what docs/performance.md says, row by row', async () => {
      const text = await readFile('docs/performance.md', 'utf8')
      const lines = text.split('\n').map((line) => line.replaceAll(/ +/g, ' '))
      for (const { name, goal, processes } of COUNTED_OPERATIONS) {
        const { looking, steps, pushing } = processes
        const whole = looking + steps
        expect(lines).toContain(`| ${[name, goal ?? '–', steps, whole, whole + pushing].join(' | ')} |`)
      }
    })
  })
}
