// Files of a session exchanged so that git reads or writes somewhere else: other objects, other refs, links. Each says
// how plain git is taken in by it. Asserts nothing.

import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import type { HostileScene } from './hostile-scene.ts'

/** A commit that lies somewhere the session may not read. */
export interface Secret {
  /** The repository that holds it. */
  readonly repository: string
  readonly commit: string
  readonly tree: string
  readonly blob: string
}

/** Makes a repository with a secret in it, as loose objects and in a pack. */
export async function makeSecret(repository: string): Promise<Secret> {
  await mkdir(repository, { recursive: true })
  const bare = (...args: readonly string[]): Promise<string> => git(repository, '--git-dir=.', ...args)
  await git(repository, 'init', '--quiet', '--bare', '.')
  const input = 'the secret of another project\n'
  const made = await tryGit({ cwd: repository, args: ['--git-dir=.', 'hash-object', '-w', '--stdin'], input })
  const blob = made.stdout.toString().trim()
  const entry = `100644 blob ${blob}\tsecret.txt\n`
  const tree = (await tryGit({ cwd: repository, args: ['--git-dir=.', 'mktree'], input: entry })).stdout
    .toString()
    .trim()
  const commit = await bare('commit-tree', tree, '-m', 'Secret')
  await bare('update-ref', 'refs/heads/main', commit)
  await bare('repack', '-a', '--quiet')
  return { repository, commit, tree, blob }
}

/** A way to make git find the objects of another repository. */
export interface ObjectTrap {
  readonly name: string
  /** Where the secret lies. */
  readonly where: (scene: HostileScene) => string
  readonly plant: (scene: HostileScene, secret: Secret) => Promise<void>
}

const OTHER_PROJECT = ({ world }: HostileScene): string => join(world.home, 'mirrors/secret.git')
const OTHER_SESSION = ({ world }: HostileScene): string => join(world.home, 'sessions/secret-1/repo.git')
const HOST_FOLDER = ({ world }: HostileScene): string => join(world.folder, 'host/secret.git')

async function borrow({ repository }: HostileScene, secret: Secret): Promise<void> {
  const file = join(repository, 'objects/info/alternates')
  await writeFile(file, `${await readFile(file, 'utf8')}${join(secret.repository, 'objects')}\n`)
}

async function linkPacks({ repository }: HostileScene, secret: Secret): Promise<void> {
  await rename(join(repository, 'objects/pack'), join(repository, 'objects/packed'))
  await symlink(join(secret.repository, 'objects/pack'), join(repository, 'objects/pack'))
}

/** Every way to have foreign objects that needs no knowledge of them. */
export const OBJECT_TRAPS: readonly ObjectTrap[] = [
  { name: "borrowed from another project's mirror", where: OTHER_PROJECT, plant: borrow },
  { name: 'borrowed from another session', where: OTHER_SESSION, plant: borrow },
  { name: 'borrowed from a folder of the host', where: HOST_FOLDER, plant: borrow },
  {
    name: 'borrowed through a link in place of the list',
    where: OTHER_PROJECT,
    async plant(scene, secret) {
      await borrow(scene, secret)
      const file = join(scene.repository, 'objects/info/alternates')
      await rename(file, join(scene.tree, '..', 'list'))
      await symlink(join(scene.tree, '..', 'list'), file)
    },
  },
  { name: 'linked in place of the packs', where: OTHER_PROJECT, plant: linkPacks },
  {
    name: 'linked pack by pack',
    where: OTHER_PROJECT,
    async plant({ repository }, secret) {
      const packs = join(secret.repository, 'objects/pack')
      await mkdir(join(repository, 'objects/pack'), { recursive: true })
      for (const name of await readdir(packs))
        await symlink(join(packs, name), join(repository, 'objects/pack', name))
    },
  },
  {
    name: 'linked object by object',
    where: HOST_FOLDER,
    async plant({ repository }, { repository: from, commit, tree, blob }) {
      for (const oid of [commit, tree, blob]) {
        const name = join('objects', oid.slice(0, 2), oid.slice(2))
        await mkdir(dirname(join(repository, name)), { recursive: true })
        await symlink(join(from, name), join(repository, name))
      }
    },
  },
  {
    name: 'linked as a whole, with its own copied in',
    where: HOST_FOLDER,
    async plant({ repository }, secret) {
      const theirs = join(secret.repository, 'objects')
      await git(repository, '--git-dir=.', 'repack', '-a', '--quiet')
      for (const name of await readdir(join(repository, 'objects/pack')))
        await writeFile(join(theirs, 'pack', name), await readFile(join(repository, 'objects/pack', name)))
      await writeFile(
        join(theirs, 'info/alternates'),
        await readFile(join(repository, 'objects/info/alternates')),
      )
      await rm(join(repository, 'objects'), { recursive: true })
      await symlink(theirs, join(repository, 'objects'))
    },
  },
]

/** A link that makes git write somewhere else, and the plain git command that does. */
export interface WriteTrap {
  readonly name: string
  readonly plant: (scene: HostileScene) => Promise<void>
  /** Uses plain git in a way that writes outside. */
  readonly fire: (scene: HostileScene) => Promise<unknown>
}

async function link(target: string, at: string): Promise<void> {
  await rm(at, { recursive: true, force: true })
  await mkdir(dirname(at), { recursive: true })
  await symlink(target, at)
}

const updateTracking: WriteTrap['fire'] = ({ repository, before }) =>
  git(repository, '--git-dir=.', 'update-ref', '-m', 'x', 'refs/remotes/origin/work', `${before}^{commit}`)

async function moveTracking(scene: HostileScene): Promise<unknown> {
  const { repository } = scene
  const tree = await git(repository, '--git-dir=.', 'rev-parse', `${scene.before}^{tree}`)
  const next = await git(repository, '--git-dir=.', 'commit-tree', tree, '-m', 'Next')
  await tryGit({ cwd: scene.tree, args: ['update-ref', '-m', 'x', 'HEAD', scene.before] })
  for (const ref of ['refs/remotes/origin/work', 'refs/heads/work'])
    await tryGit({ cwd: repository, args: ['--git-dir=.', 'update-ref', '-m', 'x', ref, next] })
  return next
}

/** Links in every folder that git writes into by itself. */
export const WRITE_TRAPS: readonly WriteTrap[] = [
  {
    name: 'the tracking refs',
    plant: ({ repository, outside }) => link(outside, join(repository, 'refs/remotes/origin')),
    fire: updateTracking,
  },
  {
    name: 'the branches',
    plant: ({ repository, outside, before }) =>
      writeFiles(outside, { work: `${before}\n` }).then(() => link(outside, join(repository, 'refs/heads'))),
    fire: moveTracking,
  },
  {
    name: 'the reflog of the tracking ref',
    plant: ({ repository, outside }) =>
      link(join(outside, 'profile'), join(repository, 'logs/refs/remotes/origin/work')),
    fire: moveTracking,
  },
  {
    name: 'the reflog of the branch',
    plant: ({ repository, outside }) =>
      link(join(outside, 'profile'), join(repository, 'logs/refs/heads/work')),
    fire: moveTracking,
  },
  {
    name: 'the folder of reflogs',
    plant: ({ repository, outside }) => link(outside, join(repository, 'logs')),
    fire: moveTracking,
  },
  {
    name: 'the reflog of the repository’s own HEAD',
    async plant({ repository, outside }) {
      await writeFile(join(repository, 'HEAD'), 'ref: refs/heads/work\n')
      await link(join(outside, 'profile'), join(repository, 'logs/HEAD'))
    },
    fire: moveTracking,
  },
  {
    name: 'the index',
    async plant({ repository, outside }) {
      const index = join(repository, 'worktrees/tree/index')
      await rename(index, join(outside, 'index'))
      await symlink(join(outside, 'index'), index)
    },
    fire: async ({ tree }) => {
      await writeFiles(tree, { 'fire.txt': 'fire\n' })
      return git(tree, 'add', 'fire.txt')
    },
  },
  {
    name: 'the git directory of the worktree',
    async plant({ repository, outside }) {
      const own = join(repository, 'worktrees/tree')
      await rename(own, join(outside, 'tree'))
      await writeFile(join(outside, 'tree/commondir'), '../..\n')
      await symlink(join(outside, 'tree'), own)
    },
    fire: async ({ tree, repository, outside }) => {
      await writeFiles(tree, { 'fire.txt': 'fire\n' })
      const index = { GIT_DIR: repository, GIT_WORK_TREE: tree, GIT_INDEX_FILE: join(outside, 'tree/index') }
      return tryGit({ cwd: tree, args: ['add', 'fire.txt'], env: index })
    },
  },
]
