// The bare git repository behind one repository of the fake GitHub: plumbing only. What tests ask for again and again is
// answered without starting git. Knows nothing of people, pull requests or webhooks.
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { keepFolder, writeKeptFolder } from '../kept-folder.ts'
import type { KeptFolder } from '../kept-folder.ts'
import { GitChanges } from './git/changes.ts'
import { GitHistory } from './git/history.ts'
import { GitObjects } from './git/objects.ts'
import type { GitObject } from './git/objects.ts'
import { readRefs, writeRef } from './git/refs.ts'
import type { Refs } from './git/refs.ts'
import { changeTree } from './git/trees.ts'
import type { FileChanges } from './git/trees.ts'
import { runGit } from './run-git.ts'

export type { Refs } from './git/refs.ts'
export type { FileChanges } from './git/trees.ts'

/** A commit to be made and put on a branch. */
export interface NewCommit {
  readonly branch: string
  readonly parents: readonly string[]
  /** A tree to start from instead of the first parent's. */
  readonly tree?: string
  readonly files: FileChanges
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
  readonly atMs: number
}

// GitHub shows refs/pull to readers and refuses pushes to it; any object may be asked for by its id.
const serverConfig = `[http]
\treceivepack = true
[receive]
\thideRefs = refs/pull
\tautogc = false
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[gc]
\tauto = 0
`

let emptyRepository: KeptFolder | undefined

/** A bare repository on disk. */
export class BareGit {
  readonly path: string
  readonly objects: GitObjects
  readonly history: GitHistory
  readonly changes: GitChanges
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(path: string) {
    this.path = path
    this.objects = new GitObjects(path)
    this.history = new GitHistory(this.objects)
    this.changes = new GitChanges(path)
  }

  /** Makes an empty repository with the default branch `main`; close it before its folder goes. */
  static async create(path: string): Promise<BareGit> {
    const git = new BareGit(path)
    if (emptyRepository === undefined) {
      await mkdir(path, { recursive: true })
      await git.run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.'])
      await appendFile(join(path, 'config'), serverConfig)
      emptyRepository = keepFolder(path)
    } else writeKeptFolder(emptyRepository, path)
    return git
  }

  /** Returns the output of a git command; throws when it fails. */
  async run(args: readonly string[], input?: string | Buffer): Promise<string> {
    const { exitCode, stdout, stderr } = await runGit({ cwd: this.path, args, ...(input && { input }) })
    if (exitCode !== 0) throw new Error(`git ${args.join(' ')} ended with ${exitCode}: ${stderr.trim()}`)
    return stdout.toString().trimEnd()
  }

  /** Returns the output of a git command, or undefined when it fails. */
  async tryRun(args: readonly string[], input?: string): Promise<string | undefined> {
    const { exitCode, stdout } = await runGit({ cwd: this.path, args, ...(input && { input }) })
    return exitCode === 0 ? stdout.toString().trimEnd() : undefined
  }

  /** Runs work that changes refs alone, one after the other. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Returns all refs. */
  async refs(): Promise<Refs> {
    return readRefs(this.path)
  }

  /** Puts a ref on an object; throws when git would. */
  async setRef(ref: string, id: string): Promise<void> {
    if (!writeRef(this.path, ref, id)) await this.run(['update-ref', ref, id])
  }

  /** Removes a ref. */
  async deleteRef(ref: string): Promise<void> {
    if (!writeRef(this.path, ref, undefined)) await this.run(['update-ref', '-d', ref])
  }

  /** Returns the commit a revision names, or undefined. */
  async resolve(revision: string): Promise<string | undefined> {
    return (await this.objects.name(`${revision}^{commit}`))?.id
  }

  /** Returns the commit a revision names; throws when there is none. */
  async mustResolve(revision: string): Promise<string> {
    const id = await this.resolve(revision)
    if (id === undefined) throw new Error(`${this.path} has no revision ${revision}`)
    return id
  }

  /** Returns a file at a revision, or undefined when there is none. */
  async findFile(revision: string, path: string): Promise<GitObject | undefined> {
    const found = await this.objects.read(`${revision}:${path}`)
    return found?.type === 'blob' ? found : undefined
  }

  /** Returns the bytes of a file at a revision, or undefined when there is none. */
  async readFile(revision: string, path: string): Promise<Buffer | undefined> {
    return (await this.findFile(revision, path))?.bytes
  }

  /** Returns whether the first commit is in the history of the second. */
  isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return this.history.isAncestor(ancestor, descendant)
  }

  /** Makes a commit, puts it on its branch and returns it. */
  async commit({ branch, parents, files, message, author, atMs, ...from }: NewCommit): Promise<string> {
    const [first] = parents
    const start = from.tree ?? (first === undefined ? undefined : (await this.history.commit(first)).tree)
    const tree = await changeTree(this.objects, start, files)
    const who = `${author.name} <${author.email}> ${Math.floor(atMs / 1000)} +0000`
    const lines = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${who}`,
      `committer ${who}`,
    ]
    const id = this.objects.write('commit', Buffer.from(`${lines.join('\n')}\n\n${message}`))
    await this.setRef(`refs/heads/${branch}`, id)
    return id
  }

  /** Brings all objects of another repository that a commit needs, and puts a ref on it. */
  async fetchFrom(other: BareGit, refspec: string): Promise<void> {
    await this.run(['fetch', '--quiet', '--no-auto-gc', other.path, refspec])
  }

  /** Installs a pre-receive hook: a whole shell script with its `#!` line. */
  async preReceive(script: string): Promise<void> {
    const file = join(this.path, 'hooks', 'pre-receive')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, script, { mode: 0o755 })
  }

  /** Ends the processes that answer questions. */
  async close(): Promise<void> {
    await Promise.all([this.objects.close(), this.changes.close()])
  }
}
