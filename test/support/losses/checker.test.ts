// The judge must be hard to fool: every kind of loss is planted here and must be named.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeLosses } from './checker.ts'
import { plainGit } from './plain-git.ts'
import { LossRecorder } from './recorder.ts'
import { renderVerdict } from './render-verdict.ts'
import { blobOid } from './worktree-files.ts'

let root: string
let places: {
  readonly origin: string
  readonly mirror: string
  readonly sessionRepository: string
  readonly worktree: string
}
let recorder: LossRecorder
let base: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'losses-'))
  places = {
    origin: join(root, 'origin.git'),
    mirror: join(root, 'mirror.git'),
    sessionRepository: join(root, 'session.git'),
    worktree: join(root, 'tree'),
  }
  for (const gitDir of [places.origin, places.mirror, places.sessionRepository]) {
    await plainGit(root, ['init', '--quiet', '--bare', '--initial-branch=main', gitDir])
  }
  const seed = join(root, 'seed')
  await plainGit(root, ['init', '--quiet', '--initial-branch=main', seed])
  await writeFile(join(seed, 'a.txt'), 'one\n')
  await writeFile(join(seed, '.gitignore'), 'build/\n')
  await git(seed, 'add', '.')
  base = await commit(seed, 'base')
  await git(seed, 'push', '--quiet', places.origin, 'main')
  await git(places.sessionRepository, 'fetch', '--quiet', places.origin, 'main:refs/heads/main')
  await git(places.sessionRepository, 'worktree', 'add', '--quiet', places.worktree, 'main')
  recorder = new LossRecorder(join(root, 'manifest.json'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid']
  return (await plainGit(folder, [...who, ...args])).toString().trim()
}

async function commit(folder: string, message: string): Promise<string> {
  await git(folder, 'commit', '--quiet', '--allow-empty', '-am', message)
  return git(folder, 'rev-parse', 'HEAD')
}

const record = (label: string) => recorder.record(label, places)
const judge = () => judgeLosses(recorder.manifest, places)
const lostNames = async (): Promise<readonly string[]> =>
  (await judge()).lost.map((seen) => (seen.kind === 'commit' ? seen.oid : seen.path))

describe('judgeLosses', () => {
  it('finds everything while nothing was touched, and says where', async () => {
    await writeFile(join(places.worktree, 'note.txt'), 'mine\n')
    expect(await record('start')).toEqual({ newCommits: 1, newBlobs: 3 })
    const verdict = await judge()
    expect(verdict).toMatchObject({ isGood: true, lost: [], faults: [] })
    const placeOf = (path: string) =>
      verdict.kept.find(({ seen }) => seen.kind === 'blob' && seen.path === path)
    expect(placeOf('note.txt')).toMatchObject({ place: 'worktree_file', at: 'note.txt' })
    expect(placeOf('a.txt')).toMatchObject({ place: 'origin', at: 'refs/heads/main' })
    expect(verdict.kept.find(({ seen }) => seen.oid === base)).toMatchObject({ place: 'origin' })
  })

  it('names a commit whose only ref was reset away, though the object still dangles in the session repository', async () => {
    await writeFile(join(places.worktree, 'a.txt'), 'two\n')
    const lostCommit = await commit(places.worktree, 'work')
    await record('agent ended')
    await git(places.worktree, 'reset', '--quiet', '--hard', base)
    expect(await git(places.sessionRepository, 'cat-file', '-t', lostCommit)).toBe('commit')
    expect(await lostNames()).toEqual([lostCommit, 'a.txt'])
  })

  it('accepts the same commit when a ref of the mirror holds it', async () => {
    await writeFile(join(places.worktree, 'a.txt'), 'two\n')
    const work = await commit(places.worktree, 'work')
    await record('agent ended')
    await git(
      places.mirror,
      'fetch',
      '--quiet',
      places.sessionRepository,
      'main:refs/belay/backup/s-1/1-x/head',
    )
    await git(places.worktree, 'reset', '--quiet', '--hard', base)
    const verdict = await judge()
    expect(verdict.isGood).toBe(true)
    expect(verdict.kept.find(({ seen }) => seen.oid === work)).toMatchObject({
      place: 'mirror',
      at: 'refs/belay/backup/s-1/1-x/head',
    })
  })

  it('does not accept an object of the mirror that no ref reaches', async () => {
    const work = await commit(places.worktree, 'work')
    await record('agent ended')
    await git(places.mirror, 'fetch', '--quiet', places.sessionRepository, 'main:refs/heads/gone')
    await git(places.mirror, 'update-ref', '-d', 'refs/heads/gone')
    await git(places.worktree, 'reset', '--quiet', '--hard', base)
    expect(await git(places.mirror, 'cat-file', '-t', work)).toBe('commit')
    expect(await lostNames()).toEqual([work])
  })

  it('names an untracked file that was overwritten, an ignored one that was deleted and an edit that was undone', async () => {
    await mkdir(join(places.worktree, 'build'))
    await writeFile(join(places.worktree, 'build', 'out.bin'), Buffer.from([0, 255, 10]))
    await writeFile(join(places.worktree, 'note.txt'), 'mine\n')
    await writeFile(join(places.worktree, 'a.txt'), 'not committed\n')
    await symlink('nowhere', join(places.worktree, 'link'))
    await record('agent ended')
    await writeFile(join(places.worktree, 'note.txt'), 'theirs\n')
    await unlink(join(places.worktree, 'build', 'out.bin'))
    await unlink(join(places.worktree, 'link'))
    await git(places.worktree, 'checkout', '--quiet', '--', 'a.txt')
    expect(await lostNames()).toEqual(['a.txt', 'build/out.bin', 'link', 'note.txt'])
  })

  it('names content that was only staged', async () => {
    await writeFile(join(places.worktree, 'a.txt'), 'staged only\n')
    await git(places.worktree, 'add', 'a.txt')
    await writeFile(join(places.worktree, 'a.txt'), 'one\n')
    await record('agent ended')
    expect((await judge()).isGood).toBe(true)
    await git(places.worktree, 'reset', '--quiet')
    const { lost } = await judge()
    expect(lost).toMatchObject([{ kind: 'blob', place: 'index', oid: blobOid(Buffer.from('staged only\n')) }])
  })

  it('does not trust a mirror that borrows its objects, nor one that misses a file', async () => {
    await writeFile(join(places.worktree, 'a.txt'), 'two\n')
    const work = await commit(places.worktree, 'work')
    await record('agent ended')
    const alternates = join(places.mirror, 'objects', 'info', 'alternates')
    await writeFile(alternates, `${join(places.sessionRepository, 'objects')}\n`)
    await git(places.mirror, 'update-ref', 'refs/heads/kept', work)
    await git(places.worktree, 'reset', '--quiet', '--hard', base)
    expect((await judge()).faults).toHaveLength(1)
    expect(await lostNames()).toEqual([work, 'a.txt'])

    await unlink(alternates)
    await git(places.mirror, 'update-ref', '-d', 'refs/heads/kept')
    await git(places.mirror, 'config', 'fetch.unpackLimit', '1000')
    await git(places.sessionRepository, 'update-ref', 'refs/heads/other', work)
    await git(places.mirror, 'fetch', '--quiet', places.sessionRepository, 'other:refs/heads/kept')
    expect(await lostNames()).toEqual([])
    const oid = blobOid(Buffer.from('two\n'))
    await unlink(join(places.mirror, 'objects', oid.slice(0, 2), oid.slice(2)))
    expect(await lostNames()).toEqual(['a.txt'])
  })

  it('does not call an empty manifest or a missing repository good', async () => {
    expect(await judge()).toMatchObject({
      isGood: false,
      faults: ['The manifest names nothing, so nothing is proven.'],
    })
    await record('start')
    const verdict = await judgeLosses(recorder.manifest, { ...places, mirror: join(root, 'nothing-here') })
    expect(verdict.isGood).toBe(false)
    expect(verdict.faults).toHaveLength(1)
  })
})

describe('check', () => {
  it('ends with 1 and names the loss, and with 0 when there is none', async () => {
    const work = await commit(places.worktree, 'work')
    await record('agent ended')
    await git(places.worktree, 'reset', '--quiet', '--hard', base)
    const bad = await runCheck()
    expect(bad.code).toBe(1)
    expect(bad.out).toContain(`LOST commit ${work.slice(0, 12)}, seen in session repository: agent ended`)
    await git(places.worktree, 'push', '--quiet', places.origin, `${work}:refs/heads/rescue`)
    const good = await runCheck()
    expect(good.code).toBe(0)
    expect(good.out).toContain('Nothing was lost.')
    expect(good.out).toContain('on origin, refs/heads/rescue')
  })
})

describe('renderVerdict', () => {
  it('counts by place', async () => {
    await record('start')
    expect(renderVerdict(await judge())).toMatchInlineSnapshot(`
      "  where                       commits    files
        on origin, refs/heads/main        1        2
        lost                              0        0
        Nothing was lost."
    `)
  })
})

async function runCheck(): Promise<{ readonly code: number; readonly out: string }> {
  const folders = ['--origin', places.origin, '--mirror', places.mirror, '--worktree', places.worktree]
  const program = join(import.meta.dirname, 'check.ts')
  const argv = ['--import', 'tsx', program, '--manifest', join(root, 'manifest.json'), ...folders]
  const run = promisify(execFile)(process.execPath, argv)
  return run.then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  )
}
