// Plain git repositories in a temporary folder, worked on as people do: write, commit, push. Shares no code with src,
// so that it can judge it.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { keepFolder, writeKeptFolder, type KeptFolder } from './kept-folder.ts'

/** What a git process left. */
export interface GitOutput {
  readonly exitCode: number
  readonly stdout: Buffer
  readonly stderr: string
}

export interface GitUse {
  readonly cwd: string
  readonly args: readonly string[]
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
}

/** Runs git as a person named Petra, with no configuration of this machine; any exit code is an answer. */
export function tryGit({ cwd, args, input, env }: GitUse): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], { cwd, env: { ...plainEnvironment(), ...env }, stdio: 'pipe' })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => out.push(piece))
    child.stderr.on('data', (piece: Buffer) => err.push(piece))
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({ exitCode: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() }),
    )
    child.stdin.end(input ?? '')
  })
}

/** Returns what git printed, without the line end; throws when it failed. */
export async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tryGit({ cwd, args })
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr}`)
  return stdout.toString('utf8').trimEnd()
}

function plainEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    // Every commit and fetch would start one process more, only to find nothing to tidy up.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'maintenance.auto',
    GIT_CONFIG_VALUE_0: 'false',
    GIT_AUTHOR_NAME: 'Petra',
    GIT_AUTHOR_EMAIL: 'petra@example.com',
    GIT_COMMITTER_NAME: 'Petra',
    GIT_COMMITTER_EMAIL: 'petra@example.com',
  }
}

/** Writes files below a folder, making folders as needed. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** Makes a temporary folder whose path holds no link. */
export async function makeTempFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'belay-test-')))
}

/** Removes a temporary folder, however an agent left it. */
export async function removeTempFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

const ORIGIN = join('acme', 'rope.git')
const CLONE = 'petra'
const keptOrigins = new Map<string, Promise<KeptFolder>>()

/** Git makes an origin once for each set of files; a dozen processes for every test would cost more than most tests. */
function keptOrigin(files: Readonly<Record<string, string | Buffer>>): Promise<KeptFolder> {
  const hash = createHash('sha256')
  for (const [path, content] of Object.entries(files)) hash.update(JSON.stringify([path, content]))
  const key = hash.digest('hex')
  const kept = keptOrigins.get(key) ?? makeOrigin(files)
  keptOrigins.set(key, kept)
  return kept
}

async function makeOrigin(files: Readonly<Record<string, string | Buffer>>): Promise<KeptFolder> {
  const folder = await makeTempFolder()
  const [path, clone] = [join(folder, ORIGIN), join(folder, CLONE)]
  try {
    for (const made of [join(path, 'hooks'), join(clone, '.git', 'hooks')])
      await mkdir(made, { recursive: true })
    await git(path, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.')
    await git(path, 'config', 'receive.autogc', 'false')
    await git(clone, 'init', '--quiet', '--template=', '--initial-branch=main', '.')
    // Relative, because the two move together.
    await git(clone, 'remote', 'add', 'origin', relative(clone, path))
    await writeFiles(clone, files)
    await git(clone, 'add', '--all', '--force')
    await git(clone, 'commit', '--quiet', '--message=Start')
    await git(clone, 'push', '--quiet', 'origin', 'main', 'main:work')
    await git(clone, 'checkout', '--quiet', '-b', 'work')
    return keepFolder(folder)
  } finally {
    await removeTempFolder(folder)
  }
}

/** A bare origin and the clone of a person who works on it. */
export class TempOrigin {
  readonly folder: string
  /** The bare repository. */
  readonly path: string
  /** The person's clone. */
  readonly clone: string

  private constructor(folder: string, path: string) {
    this.folder = folder
    this.path = path
    this.clone = join(folder, CLONE)
  }

  /** Makes `<folder>/<owner>/<name>.git` with one commit on `main` and the same on `work`. */
  static async create(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<TempOrigin> {
    writeKeptFolder(await keptOrigin(files), folder)
    return new TempOrigin(folder, join(folder, ORIGIN))
  }

  /** Commits files on the clone's `work` branch and pushes; returns the commit. Null deletes a file. */
  async push(
    files: Readonly<Record<string, string | Buffer | null>>,
    message = 'Petra works',
  ): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      if (content === null) await rm(join(this.clone, path), { recursive: true })
      else await writeFiles(this.clone, { [path]: content })
    }
    await git(this.clone, 'add', '--all', '--force')
    await git(this.clone, 'commit', '--quiet', `--message=${message}`)
    await git(this.clone, 'push', '--quiet', 'origin', 'work')
    return (
      (await looseRef(join(this.clone, '.git'), 'refs/heads/work')) ?? git(this.clone, 'rev-parse', 'HEAD')
    )
  }

  /** Returns where a ref of the origin is, or null. */
  async ref(name: string): Promise<string | null> {
    const loose = await looseRef(this.path, name)
    if (loose !== null) return loose
    const { exitCode, stdout } = await tryGit({
      cwd: this.path,
      args: ['rev-parse', '--verify', '--quiet', name],
    })
    return exitCode === 0 ? stdout.toString().trim() : null
  }
}

/** A loose ref is what git would answer, without the process; null leaves the answer to git. */
async function looseRef(gitDir: string, name: string): Promise<string | null> {
  if (!name.startsWith('refs/')) return null
  const text = await readFile(join(gitDir, name), 'utf8').catch(() => '')
  return /^[0-9a-f]{40}\n$/u.test(text) ? text.trimEnd() : null
}
