// What comes from outside and names something: trees of the remote, entries of the index, branches, ids; and Belay's own
// git directories with something planted in them.

import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isBranchName, toSha, type BranchName } from '../../../src/domain/ids.ts'
import {
  doEverything,
  hasObject,
  hostileScene,
  makeTrap,
  marksOf,
  sightOf,
  type HostileScene,
} from '../../support/hostile/hostile-scene.ts'
import { git, tryGit, writeFiles } from '../../support/temp-repo.ts'
import type { StartWorld } from './runner-contract.ts'

/** Writes a tree that git itself would refuse to write; returns its id. */
async function plantTree(cwd: string, name: string, mode = '100644', text = 'evil\n'): Promise<string> {
  const write = async (type: string, input: Buffer | string): Promise<string> => {
    const args = ['hash-object', '-t', type, '-w', '--stdin', '--literally']
    return (await tryGit({ cwd, args, input })).stdout.toString().trim()
  }
  const blob = await write('blob', text)
  return write('tree', Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(blob, 'hex')]))
}

/** Puts a commit with that tree onto the remote branch, past everything that would check it. */
async function pushTree({ world }: HostileScene, tree: string): Promise<string> {
  const { clone, path } = world.origin
  const head = await git(clone, 'rev-parse', 'work')
  const commit = await git(clone, 'commit-tree', tree, '-p', head, '-m', 'Evil')
  await git(clone, 'push', '--quiet', '--force', path, `${commit}:refs/heads/work`)
  return commit
}

/** An index with one entry, written byte by byte as version 2 has it. */
function indexWith(path: string, oid: string): Buffer {
  const entry = Buffer.alloc(Math.ceil((62 + Buffer.byteLength(path) + 1) / 8) * 8)
  entry.writeUInt32BE(0o100644, 24)
  Buffer.from(oid, 'hex').copy(entry, 40)
  entry.writeUInt16BE(Buffer.byteLength(path), 60)
  entry.write(path, 62)
  const head = Buffer.from('DIRC\0\0\0\u0002\0\0\0\u0001', 'latin1')
  const body = Buffer.concat([head, entry])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

export function describeHostileInput(start: StartWorld): void {
  describe('a tree of the remote that would be written into .git', () => {
    it('is refused on its way in, whatever the name is spelt like', async () => {
      const scene = await hostileScene(await start())
      const { world, tree } = scene
      const { clone } = world.origin
      for (const name of ['.git', '.GIT', 'git~1', '.git ', '.g\u200cit', '..', '.', 'a/b', '.git/hooks']) {
        const commit = await pushTree(scene, await plantTree(clone, name))
        const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: scene.before })
        expect(facts, name).toMatchObject({ kind: 'inspected', remote: { kind: 'fetch_failed' } })
        expect(await hasObject(world.mirror, commit), name).toBe(false)
        expect(await git(tree, 'rev-parse', 'HEAD')).toBe(scene.before)
        expect(await readFile(join(tree, '.git'), 'utf8')).toMatch(/^gitdir: /)
        // The same commit does reach whoever fetches without looking.
        await git(clone, '-c', 'fetch.fsckObjects=false', 'fetch', '--quiet', 'origin', 'work')
        expect(await git(clone, 'rev-parse', 'FETCH_HEAD')).toBe(commit)
      }
    })

    it('a link in it is followed by nothing that comes after it', async () => {
      const scene = await hostileScene(await start())
      const { world, outside } = scene
      const tree = await plantTree(world.origin.clone, 'through', '120000', outside)
      await pushTree(scene, tree)
      await git(world.origin.clone, 'fetch', '--quiet', 'origin')
      await git(world.origin.clone, 'reset', '--quiet', '--hard', 'origin/work')
      const sight = await sightOf(outside)
      const facts = await world.inspect(null)
      if (facts.remote.kind !== 'fetched') throw new Error(facts.remote.kind)
      await world.run({ kind: 'move_tree', from: scene.before, target: facts.remote.head })
      expect(await readFile(join(scene.tree, 'through/profile'), 'utf8')).toBe('mine\n')
      await world.run({
        kind: 'move_branch',
        branch: world.workspace().branch,
        from: scene.before,
        to: facts.remote.head,
      })
      await git(world.origin.clone, 'rm', '--quiet', '--cached', 'through')
      const blob = await git(world.origin.clone, 'hash-object', '-w', 'through/profile')
      const entry = `100644,${blob},through/profile`
      await git(world.origin.clone, 'update-index', '--add', '--replace', '--cacheinfo', entry)
      await git(world.origin.clone, 'commit', '--quiet', '--message=Below it')
      await git(world.origin.clone, 'push', '--quiet', 'origin', 'HEAD:work')
      const next = await world.inspect(facts.remote.head)
      if (next.remote.kind !== 'fetched') throw new Error(next.remote.kind)
      await world.run({ kind: 'move_tree', from: facts.remote.head, target: next.remote.head })
      expect(await sightOf(outside)).toEqual(sight)
    })
  })

  describe('an index written by hand', () => {
    it.each([
      '../../../../outside/profile',
      '/outside/profile',
      'src/../../../../../outside/profile',
      '.git/hooks/x',
    ])('with an entry %s has nothing outside read, pinned, committed or removed', async (path) => {
      const scene = await hostileScene(await start())
      const { world, tree, outside, repository } = scene
      const other = await git(tree, 'rev-parse', 'HEAD:README.md')
      await writeFile(join(repository, 'worktrees/tree/index'), indexWith(path, other))
      // Git takes the entry for good.
      expect(await git(tree, 'ls-files', '--full-name')).toBe(path)
      const sight = await sightOf(outside)
      await doEverything(scene)
      expect(await sightOf(outside)).toEqual(sight)
      const profile = await git(tree, 'hash-object', join(outside, 'profile'))
      expect(await hasObject(world.mirror, profile)).toBe(false)
      expect(await hasObject(world.mirror, other)).toBe(true)
      const pushed = await git(world.origin.path, 'ls-tree', '-r', '--name-only', '--full-tree', 'work')
      expect(pushed.split('\n')).not.toContain(path)
    })
  })

  describe('what an agent says about history', () => {
    it('changes no fact: grafts, a shallow file and replaced commits', async () => {
      const scene = await hostileScene(await start())
      const { world, tree, repository } = scene
      for (const text of ['one\n', 'two\n', 'three\n']) {
        await writeFiles(tree, { 'src/knot.txt': text })
        await git(tree, 'commit', '--quiet', '--all', `--message=${text.trim()}`)
      }
      const head = await git(tree, 'rev-parse', 'HEAD')
      const count = (): Promise<string> => git(tree, 'rev-list', '--count', `${scene.before}..${head}`)
      expect(await count()).toBe('3')
      await mkdir(join(repository, 'info'), { recursive: true })
      await writeFile(join(repository, 'info/grafts'), `${head} ${scene.before}\n`)
      expect(await count()).toBe('1')
      await git(tree, 'replace', '--force', head, scene.before)
      await writeFile(join(repository, 'shallow'), `${head}\n`)
      await world.origin.push({ 'other.txt': 'theirs\n' })
      const facts = await world.inspect(scene.before)
      expect(facts.relation).toMatchObject({ localAhead: 3, remoteAhead: 1 })
      expect(facts.relation?.ownCommits.map(({ subject }) => subject)).toEqual(['one', 'two', 'three'])
    })
  })

  describe('Belay’s own git directories', () => {
    const planted: readonly { what: string; file: string; text: (program: string) => string }[] = [
      { what: 'settings of the mirror', file: 'mirrors/rope.git/config', text: settings },
      { what: 'settings of our directory', file: 'sessions/rope-1/control/config', text: settings },
      {
        what: 'attributes in the mirror',
        file: 'mirrors/rope.git/info/attributes',
        text: () => '* filter=x\n',
      },
      {
        what: 'attributes in our directory',
        file: 'sessions/rope-1/control/info/attributes',
        text: () => '* filter=x\n',
      },
      { what: 'grafts in the mirror', file: 'mirrors/rope.git/info/grafts', text: () => '' },
      { what: 'a shallow file in the mirror', file: 'mirrors/rope.git/shallow', text: () => '' },
      {
        what: 'objects the mirror borrows',
        file: 'mirrors/rope.git/objects/info/alternates',
        text: () => '/nowhere\n',
      },
      {
        what: 'more objects our directory borrows',
        file: 'sessions/rope-1/control/objects/info/alternates',
        text: () => '/nowhere\n',
      },
      {
        what: 'a common directory of ours',
        file: 'sessions/rope-1/control/commondir',
        text: () => '../repo.git\n',
      },
    ]

    it.each(planted)('are not used with $what', async ({ file, text }) => {
      const scene = await hostileScene(await start())
      const { world } = scene
      const program = await makeTrap(scene, 'planted')
      await writeFiles(scene.tree, {
        '.gitattributes': '* filter=evil diff=evil\n',
        'src/knot.txt': 'ours\n',
      })
      await mkdir(join(world.home, file, '..'), { recursive: true })
      await appendFile(join(world.home, file), text(program))
      const facts = await world.runner.inspect({ workspace: world.workspace(), lastSynced: null })
      expect(facts).toMatchObject({ kind: 'unavailable', fault: { kind: 'tampered' } })
      const step = { kind: 'commit_leftovers', branch: world.workspace().branch, message: 'Left' } as const
      expect(await world.run(step)).toMatchObject({ kind: 'failed' })
      expect(await marksOf(scene)).toEqual([])
      if (text !== settings) return
      const env = { GIT_DIR: join(world.home, file, '..'), GIT_WORK_TREE: scene.tree }
      await tryGit({ cwd: scene.tree, args: ['-c', 'core.bare=false', 'add', '.'], env })
      expect(await marksOf(scene)).toEqual(['planted'])
    })
  })

  describe('names', () => {
    const BAD_BRANCHES = [
      '--upload-pack=x',
      '-x',
      'a..b',
      'x.lock',
      '@{',
      'with space',
      'two\nlines',
      '.hidden',
      'a/.b',
      'x~1',
      'x^',
      'x:y',
      'a//b',
      '/a',
      'a/',
      'x.',
      '@',
      '',
      'nul\0',
      '*',
      '[x]',
    ]

    it('that git would not take are no branches, and a base of such a name is left out', async () => {
      const world = await start()
      await world.prepare()
      for (const name of BAD_BRANCHES) {
        expect(isBranchName(name), name).toBe(false)
        const workspace = { ...world.workspace(), baseRef: name }
        const facts = await world.runner.inspect({ workspace, lastSynced: null })
        expect(facts, name).toMatchObject({ kind: 'inspected', remote: { kind: 'fetched', base: null } })
      }
    })

    it('an option as a branch’s name is a program for whoever puts it among the words', async () => {
      const scene = await hostileScene(await start())
      const { world } = scene
      const program = await makeTrap(scene, 'planted')
      const name = `--upload-pack=${program}`
      const workspace = { ...world.workspace(), branch: name as BranchName, baseRef: name }
      await world.runner.inspect({ workspace, lastSynced: null })
      expect(await marksOf(scene)).toEqual([])
      await tryGit({ cwd: scene.tree, args: ['fetch', name, 'origin'] })
      expect(await marksOf(scene)).toEqual(['planted'])
    })

    it('a branch of the agent’s with such a name is only another branch', async () => {
      const scene = await hostileScene(await start())
      const { world, repository } = scene
      const program = await makeTrap(scene, 'planted')
      const name = `--upload-pack=${program}`
      await mkdir(join(repository, 'refs/heads', name, '..'), { recursive: true })
      await writeFile(join(repository, 'refs/heads', name), `${scene.before}\n`)
      await writeFile(join(repository, 'worktrees/tree/HEAD'), `ref: refs/heads/${name}\n`)
      const said = await doEverything(scene)
      expect(said).not.toContain('pin pinned')
      expect(await world.origin.ref(`refs/heads/${name}`)).toBeNull()
      expect(await marksOf(scene)).toEqual([])
    })

    const BAD_IDS = ['..', '../rope-2', 'a/b', '.', '', 'rope-1/../rope-2', '/etc', 'a\0b', '-rf ..', 'x\n']

    it('of sessions, projects and attempts that lead elsewhere are refused before a process is started', async () => {
      const world = await start()
      await world.prepare()
      const sight = await sightOf(join(world.home, 'sessions/rope-1/control'))
      world.gitCommands.length = 0
      for (const id of BAD_IDS) {
        for (const workspace of [
          { ...world.workspace(), sessionId: id },
          { ...world.workspace(), projectId: id },
        ]) {
          const order = { workspace, lastSynced: null }
          await expect(async () => world.runner.inspect(order), id).rejects.toThrow(/can not be used/)
          await expect(async () => world.runner.listPins(workspace), id).rejects.toThrow(/can not be used/)
        }
        const attempt = { sessionId: 'rope-1', attemptId: id }
        await expect(async () => world.runner.reapAttempt(attempt), id).rejects.toThrow(/can not be used/)
      }
      expect(world.gitCommands).toEqual([])
      expect(await sightOf(join(world.home, 'sessions/rope-1/control'))).toEqual(sight)
    })

    const BAD_PINS = [
      'refs/heads/main',
      'refs/belay/backup/rope-1/../../../heads',
      'refs/belay/backup/rope-2/1-x',
      'refs/belay/backup/rope-1/1-x/../../../../../x',
      '--stdin',
    ]

    it('of pins that are none of the session’s make no ref and no file', async () => {
      const scene = await hostileScene(await start())
      const { world } = scene
      const head = toSha(scene.before)
      const refs = await git(world.mirror, 'for-each-ref')
      for (const prefix of BAD_PINS) {
        const step = { kind: 'pin', prefix: prefix as never, head, target: null, message: 'Pin' } as const
        expect(await world.run(step), prefix).toMatchObject({ kind: 'failed' })
        expect(await git(world.mirror, 'for-each-ref'), prefix).toBe(refs)
      }
    })
  })
}

function settings(program: string): string {
  return `[core]\n fsmonitor = ${program}\n[filter "evil"]\n clean = ${program}\n smudge = ${program}\n`
}
