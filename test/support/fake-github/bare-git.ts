// The bare git repository behind one repository of the fake GitHub: plumbing only.
// Knows nothing of people, pull requests or webhooks.
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runGit } from './run-git.ts'

/** What a file becomes in a commit; null deletes it. */
export type FileChange = string | Buffer | null

/** File changes by path. */
export type FileChanges = Readonly<Record<string, FileChange>>

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

/** Every ref with its object. */
export type Refs = ReadonlyMap<string, string>

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

/** A bare repository on disk. */
export class BareGit {
  readonly path: string
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(path: string) {
    this.path = path
  }

  /** Makes an empty repository with the default branch `main`. */
  static async create(path: string): Promise<BareGit> {
    await mkdir(path, { recursive: true })
    const git = new BareGit(path)
    await git.run(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.'])
    await appendFile(join(path, 'config'), serverConfig)
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
    const lines = await this.run(['for-each-ref', '--format=%(refname) %(objectname)'])
    const pairs = lines.split('\n').filter(Boolean)
    return new Map(pairs.map((line): [string, string] => [line.slice(0, -41), line.slice(-40)]))
  }

  /** Returns the commit a revision names, or undefined. */
  resolve(revision: string): Promise<string | undefined> {
    return this.tryRun(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  }

  /** Returns the bytes of a file at a revision, or undefined when there is none. */
  async readFile(revision: string, path: string): Promise<Buffer | undefined> {
    const args = ['cat-file', 'blob', `${revision}:${path}`]
    const { exitCode, stdout } = await runGit({ cwd: this.path, args })
    return exitCode === 0 ? stdout : undefined
  }

  /** Returns whether the first commit is in the history of the second. */
  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return (await this.tryRun(['merge-base', '--is-ancestor', ancestor, descendant])) !== undefined
  }

  /** Makes a commit, puts it on its branch and returns it. */
  async commit(commit: NewCommit): Promise<string> {
    return this.run(['fast-import', '--quiet', '--force'], toFastImport(commit))
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
}

function toFastImport(commit: NewCommit): Buffer {
  const who = `${commit.author.name} <${commit.author.email}> ${Math.floor(commit.atMs / 1000)} +0000`
  const [first, ...others] = commit.parents
  const message = Buffer.from(commit.message)
  const head = [
    `commit refs/heads/${commit.branch}`,
    'mark :1',
    `author ${who}`,
    `committer ${who}`,
    `data ${message.length}`,
    commit.message,
    ...(first === undefined ? [] : [`from ${first}`]),
    ...others.map((parent) => `merge ${parent}`),
    ...(commit.tree === undefined ? [] : [`M 040000 ${commit.tree} ""`]),
    '',
  ]
  // The last line has git print the new commit.
  const files = Object.entries(commit.files).map(toFileLine)
  return Buffer.concat([Buffer.from(head.join('\n')), ...files, Buffer.from('get-mark :1\n')])
}

function toFileLine([path, change]: [string, FileChange]): Buffer {
  const name = JSON.stringify(path)
  if (change === null) return Buffer.from(`D ${name}\n`)
  const bytes = typeof change === 'string' ? Buffer.from(change) : change
  const mode = path.endsWith('.sh') ? '100755' : '100644'
  return Buffer.concat([
    Buffer.from(`M ${mode} inline ${name}\ndata ${bytes.length}\n`),
    bytes,
    Buffer.from('\n'),
  ])
}
