// Plain git repositories in a temporary folder, worked on as people do: write, commit, push. Shares no code with src,
// so that it can judge it.

import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

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
    this.clone = join(folder, 'petra')
  }

  /** Makes `<folder>/<owner>/<name>.git` with one commit on `main` and the same on `work`. */
  static async create(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<TempOrigin> {
    const path = join(folder, 'acme', 'rope.git')
    await mkdir(path, { recursive: true })
    await git(path, 'init', '--quiet', '--bare', '--initial-branch=main', '.')
    await git(path, 'config', 'receive.autogc', 'false')
    const origin = new TempOrigin(folder, path)
    await mkdir(origin.clone, { recursive: true })
    await git(origin.clone, 'init', '--quiet', '--initial-branch=main', '.')
    await git(origin.clone, 'remote', 'add', 'origin', path)
    await writeFiles(origin.clone, files)
    await git(origin.clone, 'add', '--all', '--force')
    await git(origin.clone, 'commit', '--quiet', '--message=Start')
    await git(origin.clone, 'push', '--quiet', 'origin', 'main', 'main:work')
    await git(origin.clone, 'checkout', '--quiet', '-b', 'work')
    return origin
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
    return git(this.clone, 'rev-parse', 'HEAD')
  }

  /** Returns where a ref of the origin is, or null. */
  async ref(name: string): Promise<string | null> {
    const { exitCode, stdout } = await tryGit({
      cwd: this.path,
      args: ['rev-parse', '--verify', '--quiet', name],
    })
    return exitCode === 0 ? stdout.toString().trim() : null
  }
}
