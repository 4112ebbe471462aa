// Submodules and nested repositories that make git run a program when it looks into them or updates them.

import { appendFile, mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import type { HostileScene } from './hostile-scene.ts'
import type { ProgramTrap } from './program-traps.ts'

/** A repository of its own in a folder, with one commit and a setting that runs a program. */
async function makeRepository(folder: string, program: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await git(folder, 'init', '--quiet', '.')
  await writeFiles(folder, { 'own.txt': 'own\n', '.gitattributes': '* filter=evil\n' })
  await git(folder, 'add', '--all')
  await git(folder, 'commit', '--quiet', '--message=Own')
  const settings = `[core]\n fsmonitor = ${program}\n[filter "evil"]\n clean = ${program}\n smudge = ${program}\n`
  await appendFile(join(folder, '.git/config'), settings)
  return git(folder, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD')
}

/** Registers a commit as a submodule of the agent's branch. */
async function register({ tree }: HostileScene, commit: string, url: string): Promise<void> {
  await writeFiles(tree, {
    '.gitmodules': `[submodule "sub"]\n path = sub\n url = ${url}\n update = checkout\n`,
  })
  await git(tree, 'add', '.gitmodules')
  await git(tree, 'update-index', '--add', '--cacheinfo', `160000,${commit},sub`)
  await git(tree, 'commit', '--quiet', '--message=A submodule')
}

async function populated(scene: HostileScene, program: string): Promise<void> {
  const commit = await makeRepository(join(scene.tree, 'sub'), program)
  await register(scene, commit, './sub')
  await writeFiles(scene.tree, { 'sub/own.txt': 'changed\n' })
}

/** Puts the submodule back as it was planted, for plain git to fall into. */
function again(...args: readonly string[]): ProgramTrap['fire'] {
  return async (scene) => {
    const { tree } = scene
    const commit = await git(tree, 'log', '--all', '--format=%H', '--grep=^A submodule$', '-1')
    await tryGit({
      cwd: tree,
      args: ['-c', 'submodule.recurse=false', 'checkout', '--quiet', '--force', commit],
    })
    await tryGit({ cwd: tree, args })
  }
}

/** Every way known to make a superproject's git run something of a submodule's. */
export const SUBMODULES: readonly ProgramTrap[] = [
  { name: 'a checked-out one with settings of its own', plant: populated, fire: again('status') },
  {
    name: 'one whose git folder is a file that leads elsewhere',
    async plant(scene, program) {
      await populated(scene, program)
      const away = join(scene.world.folder, 'away.git')
      await git(scene.tree, 'init', '--quiet', `--separate-git-dir=${away}`, 'sub')
      await appendFile(join(away, 'config'), `[core]\n fsmonitor = ${program}\n`)
    },
    fire: again('status'),
  },
  {
    name: 'an address that is a program',
    async plant(scene, program) {
      await register(scene, scene.before, `ext::${program}`)
      await git(scene.tree, 'config', 'submodule.sub.url', `ext::${program}`)
      await git(scene.tree, 'config', 'protocol.ext.allow', 'always')
    },
    fire: again('-c', 'protocol.ext.allow=always', 'submodule', 'update', '--init'),
  },
  {
    name: 'an update command',
    async plant(scene, program) {
      await register(scene, scene.before, scene.world.origin.path)
      await git(scene.tree, 'config', 'submodule.sub.url', scene.world.origin.path)
      await git(scene.tree, 'config', 'submodule.sub.update', `!${program}`)
    },
    fire: again('-c', 'protocol.file.allow=always', 'submodule', 'update'),
  },
  {
    name: 'an address that looks like an option',
    async plant(scene, program) {
      await register(scene, scene.before, `--upload-pack=${program}`)
      await git(scene.tree, 'config', 'submodule.sub.url', `--upload-pack=${program}`)
    },
    // Git refuses it by itself today; the word does run the program where it is taken for an option.
    fire: async ({ tree, world }) => {
      const word = await git(tree, 'config', 'submodule.sub.url')
      return tryGit({ cwd: tree, args: ['ls-remote', word, world.origin.path] })
    },
  },
  {
    name: 'a path through a link',
    async plant(scene, program) {
      const { tree, outside } = scene
      await makeRepository(join(outside, 'sub'), program)
      await git(tree, 'update-index', '--add', '--cacheinfo', `160000,${scene.before},through/sub`)
      await git(tree, 'commit', '--quiet', '--message=A submodule')
      await symlink(outside, join(tree, 'through'))
    },
    fire: async ({ tree, outside }) => {
      await rm(join(tree, 'through'), { recursive: true, force: true })
      await symlink(outside, join(tree, 'through'))
      return tryGit({ cwd: join(tree, 'through/sub'), args: ['status'] })
    },
  },
  {
    name: 'a nested repository nobody registered',
    plant: async ({ tree }, program) => void (await makeRepository(join(tree, 'nested'), program)),
    fire: ({ tree }) => tryGit({ cwd: join(tree, 'nested'), args: ['status'] }),
  },
]
