// How many git processes looking costs. Every number is the goal; a look that needs more says here which they are.

import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { InspectedWorktree } from '../../../src/domain/sync/facts.ts'
import type { InspectOrder } from '../../../src/ports/runner.ts'
import type { RunnerWorld } from '../../support/runner-world.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

interface Scene {
  readonly world: RunnerWorld
  /** Where both sides were when the session was prepared. */
  readonly start: Sha
}

interface Counted {
  readonly facts: InspectedWorktree
  readonly commands: readonly string[]
}

async function count(world: RunnerWorld, order: Omit<InspectOrder, 'workspace'>): Promise<Counted> {
  world.gitCommands.length = 0
  const facts = await world.runner.inspect({ workspace: world.workspace(), ...order })
  if (facts.kind !== 'inspected') throw new Error(JSON.stringify(facts))
  return { facts, commands: [...world.gitCommands] }
}

async function commitOwn({ world }: Scene, files: Readonly<Record<string, string>>): Promise<Sha> {
  await writeFiles(world.tree(), files)
  await git(world.tree(), 'add', '--all')
  await git(world.tree(), 'commit', '--quiet', '--message=Own')
  return toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
}

export function describeCounts(start: StartWorld): void {
  const prepared = async (): Promise<Scene> => {
    const world = await start()
    await world.prepare()
    return { world, start: toSha(await git(world.tree(), 'rev-parse', 'HEAD')) }
  }

  describe('the number of git processes', () => {
    it('is one for nothing to do, when the caller knows the remote head', async () => {
      const { world, start: head } = await prepared()
      const { facts, commands } = await count(world, { lastSynced: head, knownHead: head })
      expect(commands).toEqual(['status'])
      expect(facts).toMatchObject({
        remote: { kind: 'fetched', head, base: head },
        relation: { localAhead: 0, remoteAhead: 0, remoteContainsLastSynced: true },
      })
    })

    it('is one as well when refs were packed, and when files are changed', async () => {
      const { world, start: head } = await prepared()
      await git(world.tree(), 'pack-refs', '--all')
      await git(world.mirror, 'pack-refs', '--all')
      await writeFiles(world.tree(), { 'src/knot.txt': 'dirty\n' })
      const { facts, commands } = await count(world, { lastSynced: head, knownHead: head })
      expect(commands).toEqual(['status'])
      expect(facts.head).toEqual({ kind: 'attached', branch: 'work', sha: head })
      expect(facts.tree.dirty).toEqual(['src/knot.txt'])
    })

    it('is two for nothing to do, when the remote must be asked', async () => {
      const { world, start: head } = await prepared()
      const first = await count(world, { lastSynced: head })
      expect(first.commands).toEqual(['fetch', 'status'])
      const told = toSha(await world.origin.push({ 'README.md': 'on\n' }))
      const second = await count(world, { lastSynced: head, knownHead: told })
      expect(second.commands).toEqual(['fetch', 'status'])
      expect(second.facts.remote).toMatchObject({ kind: 'fetched', head: told })
    })

    it('is four for a fast-forward, and the agent sees what was fetched', async () => {
      const { world, start: from } = await prepared()
      await world.origin.push({ 'README.md': 'on\n', 'new.txt': 'new\n' })
      const to = toSha(await world.origin.push({ 'new.txt': null, 'src/knot.txt': 'theirs\n' }))
      const { facts } = await count(world, { lastSynced: from })
      expect(facts.relation).toMatchObject({ localAhead: 0, remoteAhead: 2, mergeBase: from })
      const outcomes = await world.execute([
        { kind: 'move_tree', from, target: to },
        { kind: 'move_branch', branch: facts.branch, from, to },
      ])
      expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done'])
      expect(world.gitCommands.length, world.gitCommands.join(' ')).toBeLessThanOrEqual(4)
      expect(await git(world.tree(), 'status', '--porcelain=v2', '--branch')).toContain('# branch.ab +0 -0')
      const after = await count(world, { lastSynced: to, knownHead: to })
      expect(after.commands).toEqual(['status'])
      expect(after.facts.relation).toMatchObject({ localAhead: 0, remoteAhead: 0 })
    })

    it('is two for commits of our own, which are copied where an agent can not reach them', async () => {
      const scene = await prepared()
      const { world, start: head } = scene
      const own = await commitOwn(scene, { 'own.txt': 'own\n' })
      const { facts, commands } = await count(world, { lastSynced: head, knownHead: head })
      expect(commands).toEqual(['status', 'fetch'])
      expect(facts.relation).toMatchObject({ localAhead: 1, remoteAhead: 0, mergeBase: head })
      expect(await git(world.mirror, 'cat-file', '-t', own)).toBe('commit')
    })

    it('is four and the replay when both sides have commits', async () => {
      const scene = await prepared()
      const { world, start: head } = scene
      await commitOwn(scene, { 'own.txt': 'own\n' })
      await world.origin.push({ 'README.md': 'theirs\n' })
      const { facts, commands } = await count(world, { lastSynced: head })
      expect(commands.slice(0, 4)).toEqual(['fetch', 'status', 'fetch', 'rev-list'])
      expect(facts.relation).toMatchObject({
        localAhead: 1,
        remoteAhead: 1,
        mergeBase: head,
        remoteContainsLastSynced: true,
        ownCommits: [{ subject: 'Own' }],
        remoteCommits: [{ subject: 'Petra works' }],
        rebase: { kind: 'clean' },
      })
      // The replay of n commits may cost n + 4. The news is told with the move that follows.
      const rest = commands.slice(4)
      expect(rest).toContain('merge-tree')
      expect(rest).not.toContain('update-ref')
      expect(rest.length, rest.join(' ')).toBeLessThanOrEqual(5)
    })

    it('is one at most to look at the remote alone, beside the fetch', async () => {
      const { world, start: head } = await prepared()
      const next = toSha(await world.origin.push({ 'README.md': 'on\n' }))
      world.gitCommands.length = 0
      const workspace = world.workspace()
      expect(await world.runner.observeRemote({ workspace, lastSynced: head })).toEqual({
        remote: { kind: 'fetched', head: next, base: head },
        containsLastSynced: true,
      })
      expect(world.gitCommands).toEqual(['fetch', 'merge-base'])
      world.gitCommands.length = 0
      await world.runner.observeRemote({ workspace, lastSynced: next, knownHead: next })
      expect(world.gitCommands).toEqual([])
    })
  })
}
