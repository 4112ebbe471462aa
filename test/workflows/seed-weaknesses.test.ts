// The weaknesses of the system this one learnt from, by their numbers: each test is what happened there, played here with
// real git, and fails in a system that has the weakness. What needs no workflow is in seed-weaknesses-git.test.ts.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Act } from '../support/agents/story.ts'
import { git, tryGit, writeFiles } from '../support/temp-repo.ts'
import { RESTART_DELAY_MS } from '../support/workbench/incarnation.ts'
import {
  gitPath,
  letAgentEnd,
  playAttempt,
  playUntilConflict,
  playUntilReset,
  questionTexts,
  WORK,
  type Scene,
} from '../support/workbench/scenes.ts'
import { lookAtWorktree } from '../support/workbench/worktree-sight.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(() => {
  bench.watch.hook = () => undefined
  bench.watch.tokens = 'good'
  bench.github.faults.clear()
})

afterAll(() => bench?.close())

const treeOf = ({ session }: Scene): string => bench.tree(session.id)
const mirrorOf = ({ session }: Scene): string => bench.mirror(session.projectId)

/** What a ref or a commit of the mirror holds at a path, or null. */
async function inMirror(scene: Scene, what: string): Promise<string | null> {
  const { exitCode, stdout } = await tryGit({ cwd: mirrorOf(scene), args: ['cat-file', 'blob', what] })
  return exitCode === 0 ? stdout.toString() : null
}

/** The refs of the session's pins in the mirror. */
async function pinsOf(scene: Scene, leaf: 'head' | 'worktree'): Promise<readonly string[]> {
  const args = ['for-each-ref', '--format=%(refname)', `refs/belay/backup/${scene.session.id}/`]
  const refs = (await git(mirrorOf(scene), ...args)).split('\n')
  return refs.filter((ref) => ref.endsWith(`/${leaf}`))
}

async function isPinned(scene: Scene, sha: string): Promise<boolean> {
  const found = await git(mirrorOf(scene), 'for-each-ref', `--contains=${sha}`, 'refs/belay/backup/')
  return found !== ''
}

async function commit(tree: string, files: Readonly<Record<string, string>>): Promise<string> {
  await writeFiles(tree, files)
  await git(tree, 'add', ...Object.keys(files))
  await git(tree, 'commit', '--quiet', `--message=Change ${Object.keys(files).join(' and ')}`)
  return git(tree, 'rev-parse', 'HEAD')
}

const remoteHead = ({ session }: Scene): Promise<string | undefined> =>
  bench.repo.git.resolve(`refs/heads/${session.branch}`)

describe('weaknesses of the seed', () => {
  // It resets the worktree and then asks; whoever answers can only accept what is gone.
  it('1: what was reset can be had back by an answer', async () => {
    const scene = await playUntilReset(bench, 'w1')
    expect(scene.question.options.map(({ id }) => id)).toEqual(['continue', 'abort', 'rescue'])
    await bench.say(scene.pr, 'alice', '/belay rescue')
    const [branch = ''] = (
      await bench.repo.git.run(['for-each-ref', '--format=%(refname)', 'refs/heads/belay/rescue'])
    ).split('\n')
    expect(await bench.repo.git.readFile(branch, 'knot.txt')).toEqual(Buffer.from('tied by the agent\n'))
    expect(await bench.question(scene.pr)).toMatchObject({ id: scene.question.id, status: 'pending' })
  })

  // Killed after the reset, it finds both sides equal at its next start and goes on as if nothing had been discarded.
  it.each(['reset_tree', 'move_branch'] as const)(
    '2: a kill after %s still ends in the question',
    async (order) => {
      const scene = await playUntilConflict(bench, `w2-${order}`)
      const own = await git(treeOf(scene), 'rev-parse', 'HEAD')
      bench.watch.hook = (moment, seen) => {
        if (moment === 'after' && seen.order === order && seen.sessionId === scene.session.id)
          throw bench.kill()
      }
      await letAgentEnd(bench, scene)
      expect(bench.isDead).toBe(true)
      await bench.reboot()
      await bench.finishAttempts()
      const question = await bench.question(scene.pr)
      expect(question).toMatchObject({ kind: 'hard_reset_recovery', status: 'pending' })
      expect(question.details.discarded.map(({ sha }) => sha)).toContain(own)
      expect(await bench.pipeline(scene.pr)).toMatchObject({ status: 'failed' })
      expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
      expect(await isPinned(scene, own)).toBe(true)
    },
  )

  // It warns that the backup could not be written, and resets all the same.
  it('3: nothing is reset when the pin can not be read back', async () => {
    const scene = await playUntilConflict(bench, 'w3')
    const own = await git(treeOf(scene), 'rev-parse', 'HEAD')
    bench.watch.hook = async (moment, { order, sessionId }) => {
      if (moment !== 'before' || order !== 'verify_pin' || sessionId !== scene.session.id) return
      for (const ref of await pinsOf(scene, 'head')) await git(mirrorOf(scene), 'update-ref', '-d', ref)
    }
    await letAgentEnd(bench, scene)
    expect(bench.watch.ordersOf(scene.session.id)).not.toContain('reset_tree')
    expect(await git(treeOf(scene), 'rev-parse', 'HEAD')).toBe(own)
    expect(await readFile(join(treeOf(scene), 'knot.txt'), 'utf8')).toBe('tied by the agent\n')
    expect(await bench.question(scene.pr)).toMatchObject({ status: 'pending' })
  })

  // Its backup is a ref on the machine that made it: no person can see it, and it goes with the disk.
  it('4: the pinned commits lie on the remote before anything is reset', async () => {
    const scene = await playUntilConflict(bench, 'w4')
    const own = await git(treeOf(scene), 'rev-parse', 'HEAD')
    const seen: string[] = []
    bench.watch.hook = async (moment, { order, sessionId }) => {
      if (moment !== 'before' || order !== 'reset_tree' || sessionId !== scene.session.id) return
      seen.push(await bench.repo.git.run(['for-each-ref', '--format=%(objectname)', 'refs/belay/backup']))
    }
    await letAgentEnd(bench, scene)
    expect(seen.join('\n').split('\n')).toContain(own)
  })

  // Dirty tracked files go with the reset, and untracked ones where the remote has the same path.
  it('5: staged, unstaged and untracked work is saved byte for byte', async () => {
    const scene = await playAttempt(bench, 'w5')
    const tree = treeOf(scene)
    await commit(tree, { 'knot.txt': 'ours\n' })
    await writeFiles(tree, { 'README.md': 'staged\n' })
    await git(tree, 'add', 'README.md')
    await writeFiles(tree, { 'README.md': 'staged, then changed\r\n', 'new.txt': 'untracked\n' })
    const files = { 'knot.txt': 'theirs\n', 'new.txt': 'theirs\n' }
    await bench.repo.push({ by: 'alice', branch: 'w5', files })
    await bench.settle()
    await bench.say(scene.pr, 'alice', '/belay sync')
    const held = await Promise.all(
      (await pinsOf(scene, 'worktree')).map(async (ref) => ({
        changed: await inMirror(scene, `${ref}:README.md`),
        staged: await inMirror(scene, `${ref.replace(/worktree$/, 'index')}:README.md`),
        untracked: await inMirror(scene, `${ref}:new.txt`),
      })),
    )
    const all = { changed: 'staged, then changed\r\n', staged: 'staged\n', untracked: 'untracked\n' }
    expect(held).toContainEqual(all)
  })

  // A branch that is only behind is reset too, and so are the commits of a failed phase; neither is backed up.
  it('6: a move forward keeps edits, and a failed attempt keeps its commits', async () => {
    const scene = await playAttempt(bench, 'w6')
    await writeFiles(treeOf(scene), { 'README.md': 'edited\n' })
    await bench.repo.push({ by: 'alice', branch: 'w6', files: { 'other.txt': 'theirs\n' } })
    await bench.settle()
    expect(await readFile(join(treeOf(scene), 'README.md'), 'utf8')).toBe('edited\n')
    expect(await readFile(join(treeOf(scene), 'other.txt'), 'utf8')).toBe('theirs\n')
    const failed = await playAttempt(bench, 'w6-failed', [[...WORK, { do: 'exit', code: 1 }]])
    expect(await readFile(join(treeOf(failed), 'knot.txt'), 'utf8')).toBe('tied by the agent\n')
    expect(await remoteHead(failed)).not.toBe(await git(treeOf(failed), 'rev-parse', 'HEAD'))
    expect(await git(treeOf(failed), 'log', '-1', '--format=%s')).toBe('Tie the knot')
  })

  // In a stopped rebase HEAD is the remote's commit: counts say "equal", the backup holds the wrong commit.
  it('7 and 19: a stopped rebase is named, and neither it nor its commits are touched', async () => {
    const scene = await playAttempt(bench, 'w7')
    const tree = treeOf(scene)
    const own = await commit(tree, { 'knot.txt': 'ours\n' })
    await bench.repo.push({ by: 'alice', branch: 'w7', files: { 'knot.txt': 'theirs\n' } })
    const origin = bench.repo.git.path
    await git(tree, 'fetch', '--quiet', origin, 'w7')
    expect((await tryGit({ cwd: tree, args: ['rebase', 'FETCH_HEAD'] })).exitCode).not.toBe(0)
    // The trap itself: HEAD is not ours any more, and both sides look equal.
    expect(await git(tree, 'rev-list', '--left-right', '--count', 'HEAD...FETCH_HEAD')).toBe('0\t0')
    const sight = await lookAtWorktree(tree)
    await bench.say(scene.pr, 'alice', '/belay sync')
    expect((await bench.question(scene.pr)).details.note).toContain('rebase')
    expect(await lookAtWorktree(tree)).toEqual(sight)
    expect(await git(tree, 'rev-parse', 'refs/heads/w7')).toBe(own)
    await git(tree, 'rebase', '--abort')
    expect(await git(tree, 'rev-parse', 'HEAD')).toBe(own)
  })

  // Its autostash does not come back: the tree is full of conflict markers, and the next sync pushes them.
  it('8: dirty files are never stashed, marked up or pushed', async () => {
    const scene = await playAttempt(bench, 'w8')
    const tree = treeOf(scene)
    await commit(tree, { 'mine.txt': 'mine\n' })
    await writeFiles(tree, { 'knot.txt': 'dirty\n' })
    await bench.repo.push({ by: 'alice', branch: 'w8', files: { 'knot.txt': 'theirs\n' } })
    await bench.settle()
    await bench.say(scene.pr, 'alice', '/belay sync')
    expect(await git(tree, 'stash', 'list')).toBe('')
    expect(await git(tree, 'ls-files', '--unmerged')).toBe('')
    expect(await readFile(join(tree, 'knot.txt'), 'utf8')).toBe('dirty\n')
    expect(await bench.repo.git.readFile('w8', 'knot.txt')).toEqual(Buffer.from('theirs\n'))
  })

  // In a rebase "theirs" is the replayed commit, so what it calls the remote's version is its own.
  it('9: no side of a conflict is taken in silence, whatever the path', async () => {
    const path = '.egg-state/agent-outputs/result.json'
    const ours = '{"by":"agent"}\n'
    const theirs = '{"by":"alice"}\n'
    const acts: readonly Act[] = [
      { do: 'write', path, text: ours },
      { do: 'commit', paths: [path], message: 'Result' },
      { do: 'meet', name: 'worked' },
    ]
    const pr = await bench.openPullRequest('w9', { [path]: '{}\n' })
    await bench.story.script(pr.number, [acts])
    await bench.say(pr, 'alice', '/belay run')
    await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
    await bench.repo.push({ by: 'alice', branch: 'w9', files: { [path]: theirs } })
    await bench.settle()
    const scene = { pr, session: await bench.session(pr) }
    await letAgentEnd(bench, scene)
    expect(await bench.question(pr)).toMatchObject({ details: { conflictingPaths: [path] } })
    expect(await bench.repo.git.readFile('w9', path)).toEqual(Buffer.from(theirs))
    const held = await Promise.all(
      (await pinsOf(scene, 'head')).map((ref) => inMirror(scene, `${ref}:${path}`)),
    )
    expect(held).toContain(ours)
  })

  // It counts commits, waits, and resets without looking again.
  it('12: a commit made between the look and the reset is not lost', async () => {
    const scene = await playUntilConflict(bench, 'w12')
    const late: string[] = []
    bench.watch.hook = async (moment, { order, sessionId }) => {
      if (moment !== 'before' || order !== 'reset_tree' || late.length > 0 || sessionId !== scene.session.id)
        return
      late.push(await commit(treeOf(scene), { 'late.txt': 'late\n' }))
    }
    await letAgentEnd(bench, scene)
    const [sha = ''] = late
    expect(sha).toMatch(/^[0-9a-f]{40}$/)
    const head = await git(treeOf(scene), 'rev-parse', 'HEAD')
    expect(head === sha || (await isPinned(scene, sha))).toBe(true)
    expect(await bench.question(scene.pr)).toMatchObject({ status: 'pending' })
  })

  // A lock makes the reset fail while the ref moves: branch and files drift apart.
  it('19: a lock stops everything before the branch moves', async () => {
    const scene = await playUntilConflict(bench, 'w19')
    const own = await git(treeOf(scene), 'rev-parse', 'HEAD')
    bench.watch.hook = async (moment, { order, sessionId }) => {
      if (moment === 'before' && order === 'reset_tree' && sessionId === scene.session.id)
        await writeFile(await gitPath(bench, scene, 'index.lock'), '')
    }
    await letAgentEnd(bench, scene)
    expect(await git(treeOf(scene), 'rev-parse', 'HEAD')).toBe(own)
    expect(await readFile(join(treeOf(scene), 'knot.txt'), 'utf8')).toBe('tied by the agent\n')
    expect(await bench.question(scene.pr)).toMatchObject({ status: 'pending' })
  })

  // "Could not fetch" means "carry on" there: the next agent starts on a branch nobody has looked at.
  it('20: no agent starts on a worktree that could not be synced', async () => {
    const scene = await playAttempt(bench, 'w20', [[{ do: 'exit', code: 1 }]])
    bench.watch.tokens = 'revoked'
    bench.clock.advance(RESTART_DELAY_MS)
    await bench.settle()
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(1)
    expect(await bench.question(scene.pr)).toMatchObject({ details: { case: 'fetch_failed' } })
    bench.watch.tokens = 'good'
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.story.attemptCount(scene.pr.number)).toBe(2)
  })

  // A rewound branch looks like "ahead", and what somebody took away is pushed back.
  it('21: what somebody removed from the branch is not brought back', async () => {
    const scene = await playAttempt(bench, 'w21', [WORK])
    const removed = await remoteHead(scene)
    const before = await bench.repo.git.resolve('refs/heads/w21^')
    expect(removed).toBe(await git(treeOf(scene), 'rev-parse', 'HEAD'))
    await bench.repo.push({ by: 'alice', branch: 'w21', to: before ?? '', force: true })
    await bench.settle()
    await bench.say(scene.pr, 'alice', '/belay sync')
    expect(await remoteHead(scene)).toBe(before)
    const head = await git(treeOf(scene), 'rev-parse', 'HEAD')
    expect(head === removed || (await isPinned(scene, removed ?? ''))).toBe(true)
  })

  // Its question names neither the paths nor the authors nor what went wrong.
  it('22: the question says what was discarded, by whom, and where it conflicts', async () => {
    const scene = await playUntilReset(bench, 'w22')
    const text = (questionTexts(scene.pr).at(-1) ?? '').replaceAll('\\', '')
    const [discarded] = scene.question.details.discarded
    for (const word of [
      'knot.txt',
      'Tie the knot',
      discarded?.sha.slice(0, 7) ?? '?',
      discarded?.author ?? '?',
    ])
      expect(text).toContain(word)
  })

  // It replays everything since the base, and does not see that a change is there already under another id.
  it('23: a change that the remote has already is not made twice, and nothing is asked', async () => {
    const scene = await playUntilConflict(bench, 'w23', [
      { do: 'write', path: 'same.txt', text: 'same\n' },
      { do: 'commit', paths: ['same.txt'], message: 'Same change' },
      { do: 'write', path: 'mine.txt', text: 'mine\n' },
      { do: 'commit', paths: ['mine.txt'], message: 'My change' },
    ])
    await bench.repo.push({ by: 'alice', branch: 'w23', files: { 'same.txt': 'same\n' }, message: 'Picked' })
    await bench.settle()
    await letAgentEnd(bench, scene)
    expect(await bench.decisions(scene.pr)).toEqual([])
    const subjects = (await bench.repo.git.run(['log', '--format=%s', 'main..w23'])).split('\n')
    expect(subjects).toEqual(['My change', 'Picked', 'Tie it better', 'Start w23'])
  })

  // A protected branch is "push failed", after which its commits are discarded.
  it('25: commits that a protected branch refuses are kept', async () => {
    await bench.repo.git.preReceive(
      '#!/bin/sh\necho "error: GH006: Protected branch update failed for refs/heads/w25." >&2\nexit 1\n',
    )
    const scene = await playAttempt(bench, 'w25', [WORK])
    await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
    expect(await git(treeOf(scene), 'log', '-1', '--format=%s')).toBe('Tie the knot')
    expect((await bench.question(scene.pr)).details.pushRefusal).toBe('protected')
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await remoteHead(scene)).toBe(await git(treeOf(scene), 'rev-parse', 'HEAD'))
  })
})
