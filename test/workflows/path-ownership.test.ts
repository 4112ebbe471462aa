// Each path has one writer: whatever Belay does in a session, no file of its own ever lies in the worktree or is pushed.

import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../support/temp-repo.ts'
import { letAgentEnd, playUntilConflict, playUntilReset } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

async function filesOnDisk(tree: string): Promise<readonly string[]> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(tree.length + 1))
    .toSorted()
}

async function filesOf(tree: string, commit: string): Promise<readonly string[]> {
  return (await git(tree, 'ls-tree', '-r', '--name-only', commit)).split('\n').toSorted()
}

describe('the worktree of a session', () => {
  it('pushes nothing but what the agent and people wrote, after leftovers and a replay', async () => {
    const scene = await playUntilConflict(bench, 'owned', [
      { do: 'write', path: 'mine.txt', text: 'mine\n' },
      { do: 'commit', paths: ['mine.txt'], message: 'Add mine' },
      { do: 'write', path: 'left.txt', text: 'left\n' },
    ])
    const start = await filesOf(bench.repo.git.path, 'main')
    await letAgentEnd(bench, scene)
    const pushed = await filesOf(bench.repo.git.path, 'owned')
    expect(pushed).toEqual([...new Set([...start, 'left.txt', 'mine.txt', 'owned.txt'])].toSorted())
    expect(await filesOnDisk(bench.tree(scene.session.id))).toEqual(['.git', ...pushed].toSorted())
  })

  it('holds nothing of Belay after a recovery, its question and the next attempt', async () => {
    const scene = await playUntilReset(bench, 'owned-again')
    const tree = bench.tree(scene.session.id)
    expect(await filesOnDisk(tree)).toEqual(['.git', ...(await filesOf(tree, 'HEAD'))].toSorted())
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await filesOnDisk(tree)).toEqual(['.git', ...(await filesOf(tree, 'HEAD'))].toSorted())
  })
})
