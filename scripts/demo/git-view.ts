// What git itself says: graphs, status and refs, from plain git processes. Changes nothing.
import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** A graph of several commits, possibly spread over two repositories. */
export interface GraphOrder {
  readonly gitDir: string
  readonly revisions: readonly string[]
  /** Another bare repository whose objects may be needed. */
  readonly alsoFrom?: string
  /** Names to print beside commits, by full commit id. */
  readonly names?: Readonly<Record<string, readonly string[]>>
}

/** Returns the lines of `git log --graph`, newest first. */
export async function showGraph({
  gitDir,
  revisions,
  alsoFrom,
  names = {},
}: GraphOrder): Promise<readonly string[]> {
  const format = '--format=%H %h %s (%an)'
  const env = alsoFrom === undefined ? {} : { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(alsoFrom, 'objects') }
  const lines = await gitLines(gitDir, ['log', '--graph', '--no-color', format, ...revisions, '--'], env)
  return lines.map((line) =>
    line.replace(/\b([0-9a-f]{40}) (.*)$/, (_, oid: string, rest: string) => {
      const marks = names[oid] ?? []
      return marks.length === 0 ? rest : `${rest}  <- ${marks.join(', ')}`
    }),
  )
}

/** Returns what `git status` says in short form, with ignored files. */
export async function showStatus(worktree: string): Promise<readonly string[]> {
  const lines = await gitLines(worktree, ['status', '--short', '--untracked-files=all', '--ignored'])
  return lines.length === 0 ? ['(clean)'] : lines
}

/** Returns `<short id>  <ref>` for every ref below the prefix. */
export function showRefs(gitDir: string, prefix: string): Promise<readonly string[]> {
  return gitLines(gitDir, ['for-each-ref', '--format=%(objectname:short)  %(refname)', prefix])
}

/** Returns the commit a revision names. */
export async function revision(gitDir: string, name: string): Promise<string> {
  return (await gitLines(gitDir, ['rev-parse', '--verify', `${name}^{commit}`]))[0] ?? ''
}

/** Returns the files of a commit or tree. */
export function showFiles(gitDir: string, name: string): Promise<readonly string[]> {
  return gitLines(gitDir, ['ls-tree', '-r', '--name-only', name])
}

function gitLines(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const environment = {
    PATH: process.env['PATH'],
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_OPTIONAL_LOCKS: '0',
    ...env,
  }
  return new Promise((resolve, reject) => {
    execFile('git', ['-C', folder, ...args], { env: environment }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.split('\n').filter((line) => line !== ''))
      else reject(new Error(`git ${args[0] ?? ''} in ${folder}: ${stderr.trim() || error.message}`))
    })
  })
}
