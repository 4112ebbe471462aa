// Commits of ours that look like one of the remote's: which of them a replay may drop, and which it must keep.

import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { RebaseTrial } from '../../../src/domain/sync/facts.ts'
import { git } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'
import { commitOwn, prepareScene, type SessionScene } from './session-scene.ts'

type Files = Readonly<Record<string, string>>

async function twoSides(
  start: StartWorld,
  { base, ours, theirs }: { readonly base: Files; readonly ours: Files; readonly theirs: readonly Files[] },
): Promise<{ readonly scene: SessionScene; readonly rebase: RebaseTrial | undefined; readonly tip: Sha }> {
  const world = await start({ files: base })
  await world.prepare()
  const scene = { world, session: '', repository: '', gitDir: '' }
  const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  await commitOwn(scene, ours)
  let tip = head
  for (const files of theirs) tip = toSha(await world.origin.push(files))
  const { relation } = await world.inspect(head)
  return { scene, rebase: relation?.rebase, tip }
}

const F = 'def f(x):\n    if x:\n        a()\n'
/** Two places that look the same from near by. */
const TWICE = `${'top\n'.repeat(4)}a\nb\nc\nd\ne\nf\nmiddle\na\nb\nc\nd\ne\nf\n${'end\n'.repeat(4)}`

function insert(text: string, at: number): string {
  return [...text.split('\n').slice(0, at), 'x', ...text.split('\n').slice(at)].join('\n')
}

export function describeTwins(start: StartWorld): void {
  describe('inspect: commits that look like one of the remote’s', () => {
    it('drops ours when it is theirs, even after they went on in the same lines', async () => {
      const base = { 'm.txt': 'one\ntwo\nthree\n' }
      const { rebase, tip } = await twoSides(start, {
        base,
        ours: { 'm.txt': 'one\nTWO\nthree\n' },
        theirs: [{ 'other.txt': 'x\n' }, { 'm.txt': 'one\nTWO\nthree\n' }, { 'm.txt': 'one\n2\nthree\n' }],
      })
      expect(rebase).toMatchObject({ kind: 'clean', newHead: tip, dropped: [{ subject: 'Own' }] })
    })

    it('drops ours when they took it over and took it back', async () => {
      const base = { 'm.txt': 'one\ntwo\nthree\n' }
      const { rebase, tip } = await twoSides(start, {
        base,
        ours: { 'm.txt': 'one\nTWO\nthree\n' },
        theirs: [{ 'm.txt': 'one\nTWO\nthree\n' }, base],
      })
      expect(rebase).toMatchObject({ kind: 'clean', newHead: tip, dropped: [{ subject: 'Own' }] })
    })

    it('names a conflict when the two differ in white space alone', async () => {
      const { rebase } = await twoSides(start, {
        base: { 'm.py': F },
        ours: { 'm.py': `${F}        return 1\n` },
        theirs: [{ 'm.py': `${F}    return 1\n` }],
      })
      expect(rebase).toMatchObject({ kind: 'conflict', commit: { subject: 'Own' }, paths: ['m.py'] })
    })

    it('replays ours when the same lines came into another place', async () => {
      const ours = insert(TWICE, 7)
      const { scene, rebase } = await twoSides(start, {
        base: { 'm.txt': TWICE },
        ours: { 'm.txt': ours },
        theirs: [{ 'm.txt': insert(TWICE, 14) }],
      })
      if (rebase?.kind !== 'clean') throw new Error(JSON.stringify(rebase))
      expect(rebase.dropped).toEqual([])
      const both = await git(scene.world.mirror, 'show', `${rebase.newHead}:m.txt`)
      expect(both.split('\n').filter((line) => line === 'x')).toHaveLength(2)
    })

    it('keeps a commit without a change: its message is all it has', async () => {
      const scene = await prepareScene(start)
      const { world } = scene
      const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
      await git(world.tree(), 'commit', '--quiet', '--allow-empty', '--message=Ours, empty')
      await git(world.origin.clone, 'commit', '--quiet', '--allow-empty', '--message=Theirs, empty')
      await git(world.origin.clone, 'push', '--quiet', 'origin', 'work')
      const { relation } = await world.inspect(head)
      expect(relation?.rebase).toMatchObject({ kind: 'clean', dropped: [] })
      if (relation?.rebase.kind !== 'clean') throw new Error('not clean')
      expect(await git(world.mirror, 'log', '-2', '--format=%s', relation.rebase.newHead)).toBe(
        'Ours, empty\nTheirs, empty',
      )
    })
  })
}
