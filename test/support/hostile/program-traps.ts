// Settings of a repository that make some git command run a program, and the plain git command that does. Each is laid
// where the agent can write. Asserts nothing.

import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git, tryGit, writeFiles } from '../temp-repo.ts'
import { makeTrap, type HostileScene } from './hostile-scene.ts'

/** A program laid out to be run. */
export interface ProgramTrap {
  readonly name: string
  /** Lines for the repository's configuration. */
  readonly config?: (program: string) => string
  /** Anything beyond configuration. */
  readonly plant?: (scene: HostileScene, program: string) => Promise<void>
  /** Uses plain git so that the program is run; its exit code does not matter. */
  readonly fire: (scene: HostileScene) => Promise<unknown>
}

function inTree(...args: readonly string[]): ProgramTrap['fire'] {
  return ({ tree }) => tryGit({ cwd: tree, args })
}

/** Changes a file so that git has to look at it again. */
async function touch({ tree }: HostileScene, path: string): Promise<void> {
  await writeFiles(tree, { [path]: `${Math.random()}\n` })
}

function onChanged(path: string, ...args: readonly string[]): ProgramTrap['fire'] {
  return async (scene) => {
    await touch(scene, path)
    await tryGit({ cwd: scene.tree, args })
  }
}

/** Which driver works on which of the files that everything here moves, changes and merges. */
const ATTRIBUTES = [
  '*.txt filter=streams',
  'merged.bin merge=wild',
  '.gitignore diff=words',
  'src/knot.txt filter=single diff=shows',
  'README.md filter=single diff=shows',
  'data.txt filter=leaks',
  '',
].join('\n')

/** Lays the attributes in every place that git reads them from. */
export async function plantAttributes({ tree, repository, world }: HostileScene): Promise<void> {
  await mkdir(join(repository, 'info'), { recursive: true })
  await writeFile(join(repository, 'info/attributes'), ATTRIBUTES)
  await writeFile(join(world.folder, 'attributes'), ATTRIBUTES)
  await writeFiles(tree, { '.gitattributes': ATTRIBUTES })
}

async function mergeConflict({ tree }: HostileScene): Promise<void> {
  await tryGit({ cwd: tree, args: ['config', 'core.fsmonitor', 'false'] })
  const blobs = ['one\n', 'two\n', 'three\n'].map((input) =>
    tryGit({ cwd: tree, args: ['hash-object', '-w', '--stdin'], input }),
  )
  const commits: string[] = []
  for (const blob of await Promise.all(blobs)) {
    const input = `100644 blob ${blob.stdout.toString().trim()}\tmerged.bin\n`
    const made = (await tryGit({ cwd: tree, args: ['mktree'], input })).stdout.toString().trim()
    const parent = commits[0] === undefined ? [] : ['-p', commits[0]]
    commits.push(await git(tree, 'commit-tree', made, ...parent, '-m', 'Merged'))
  }
  await writeFiles(tree, { 'merged.bin': 'two\n' })
  await tryGit({ cwd: tree, args: ['read-tree', '--reset', commits[1] ?? ''] })
  await tryGit({ cwd: tree, args: ['update-ref', '--no-deref', 'HEAD', commits[1] ?? ''] })
  await tryGit({ cwd: tree, args: ['merge', '--no-edit', commits[2] ?? ''] })
}

/** A monitor that says nothing makes git believe that nothing was changed. */
const AWAKE = ['-c', 'core.fsmonitor=false'] as const

/** Programs of commands, filters and drivers. */
export const DRIVERS: readonly ProgramTrap[] = [
  { name: 'fsmonitor', config: (p) => `[core]\n fsmonitor = ${p}\n`, fire: inTree('status') },
  {
    name: 'filter-clean',
    config: (p) => `[filter "single"]\n clean = ${p}\n`,
    fire: onChanged('README.md', 'add', 'README.md'),
  },
  {
    name: 'filter-smudge',
    config: (p) => `[filter "single"]\n smudge = ${p}\n`,
    fire: onChanged('README.md', 'checkout', 'HEAD', '--', 'README.md'),
  },
  {
    name: 'filter-process',
    config: (p) => `[filter "streams"]\n process = ${p}\n`,
    fire: onChanged('src/other.txt', 'add', 'src/other.txt'),
  },
  {
    name: 'filter-required',
    config: (p) => `[filter "leaks"]\n clean = ${p}\n smudge = ${p}\n required = true\n`,
    fire: onChanged('data.txt', 'add', 'data.txt'),
  },
  {
    name: 'diff-command',
    config: (p) => `[diff "words"]\n command = ${p}\n`,
    fire: onChanged('.gitignore', ...AWAKE, 'diff', '--ext-diff', 'HEAD', '--', '.gitignore'),
  },
  {
    name: 'diff-textconv',
    config: (p) => `[diff "shows"]\n textconv = ${p}\n`,
    fire: onChanged('README.md', ...AWAKE, 'diff', 'HEAD', '--', 'README.md'),
  },
  { name: 'merge-driver', config: (p) => `[merge "wild"]\n driver = ${p}\n`, fire: mergeConflict },
]

/** Programs that git runs to reach a remote, to ask a person, or to sign. */
export const HELPERS: readonly ProgramTrap[] = [
  {
    name: 'uploadpack',
    config: (p) => `[remote "origin"]\n uploadpack = ${p}\n`,
    fire: inTree('fetch', 'origin'),
  },
  {
    name: 'receivepack',
    config: (p) => `[remote "origin"]\n receivepack = ${p}\n`,
    fire: inTree('push', 'origin', 'HEAD:refs/heads/x'),
  },
  {
    name: 'promisor',
    config: (p) =>
      `[remote "lazy"]\n promisor = true\n partialCloneFilter = blob:none\n url = file:///nowhere\n uploadpack = ${p}\n`,
    fire: inTree('cat-file', '-p', '1'.repeat(40)),
  },
  {
    name: 'ssh-command',
    config: (p) => `[core]\n sshCommand = ${p}\n`,
    fire: inTree('ls-remote', 'ssh://127.0.0.1/x'),
  },
  {
    name: 'git-proxy',
    config: (p) => `[core]\n gitProxy = ${p}\n`,
    fire: inTree('ls-remote', 'git://127.0.0.1/x'),
  },
  {
    name: 'alternate-refs',
    config: (p) => `[core]\n alternateRefsCommand = ${p}\n`,
    fire: ({ tree, world }) => tryGit({ cwd: tree, args: ['fetch', world.origin.path, 'work'] }),
  },
  {
    name: 'credential-helper',
    config: (p) => `[credential]\n helper = ${p}\n`,
    fire: ({ tree }) => tryGit({ cwd: tree, args: ['credential', 'fill'], input: 'url=https://x.test\n\n' }),
  },
  {
    name: 'ask-pass',
    config: (p) => `[core]\n askPass = ${p}\n`,
    fire: ({ tree }) =>
      tryGit({
        cwd: tree,
        args: ['-c', 'credential.helper=', 'credential', 'fill'],
        input: 'url=https://x.test\n\n',
      }),
  },
  {
    name: 'editor',
    config: (p) => `[core]\n editor = ${p}\n`,
    fire: inTree('-c', 'commit.gpgSign=false', 'commit', '--allow-empty', '--amend'),
  },
  {
    name: 'gpg',
    config: (p) => `[gpg]\n program = ${p}\n[commit]\n gpgSign = true\n[tag]\n gpgSign = true\n`,
    fire: inTree('commit', '--allow-empty', '--message=Signed'),
  },
  {
    name: 'trailer',
    config: (p) => `[trailer "x"]\n key = X\n command = ${p}\n`,
    fire: inTree('interpret-trailers', '--trailer', 'x=1', '/dev/null'),
  },
]

/** Addresses that git rewrites into a program to run. */
export const ADDRESSES: readonly ProgramTrap[] = [
  {
    name: 'instead-of',
    config: (p) => `[url "ext::${p} #"]\n insteadOf = file://\n[protocol "ext"]\n allow = always\n`,
    fire: inTree('ls-remote', 'file:///anywhere'),
  },
  {
    name: 'push-instead-of',
    config: (p) => `[url "ext::${p} #"]\n pushInsteadOf = /\n[protocol "ext"]\n allow = always\n`,
    fire: ({ tree, world }) => tryGit({ cwd: tree, args: ['push', world.origin.path, 'HEAD:refs/heads/x'] }),
  },
  {
    name: 'ext-remote',
    config: (p) => `[remote "evil"]\n url = ext::${p}\n[protocol "ext"]\n allow = always\n`,
    fire: inTree('fetch', 'evil'),
  },
  {
    name: 'remote-vcs',
    config: (p) => `[remote "vcs"]\n vcs = ext\n url = ${p}\n[protocol "ext"]\n allow = always\n`,
    fire: inTree('fetch', 'vcs'),
  },
]

/** Lays the traps of a group into a configuration file. */
export async function plantPrograms(
  scene: HostileScene,
  traps: readonly ProgramTrap[],
  files: readonly string[],
): Promise<void> {
  for (const { name, config, plant } of traps) {
    const program = await makeTrap(scene, name)
    if (config !== undefined) for (const file of files) await appendFile(file, `\n${config(program)}`)
    await plant?.(scene, program)
  }
}
