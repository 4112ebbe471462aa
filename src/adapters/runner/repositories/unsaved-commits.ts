// Commits that only the session repository still names: its branches, tags and stashes, and what its reflogs remember.
// The names are read from files, since the agent wrote them; the commits are read through our own git directory.

import { join } from 'node:path'
import { isSha, type Sha } from '../../../domain/ids.ts'
import type { GitDoor } from '../git/git-door.ts'
import { listFolder, lookAt, readSmallFile } from '../look-at.ts'
import { readRefsBelow } from './mirror.ts'
import { isReview } from './review-worktree.ts'
import type { SessionPaths } from './session-paths.ts'
import { UnexpectedFile } from './unexpected-file.ts'

const LARGEST_LOG = 50_000_000

/**
 * Returns those of them that no ref of the mirror reaches, without what others of them reach.
 *
 * Throws `UnexpectedFile` and `GIT_FAILED` where it can not be told: then nothing of the session may be thrown away.
 */
export async function findUnsavedCommits(door: GitDoor, paths: SessionPaths): Promise<readonly Sha[]> {
  const refs = await readRefsBelow(door, paths.repository, 'refs/')
  // What only a tracking ref names is the remote's.
  const own = [...refs].flatMap(([name, sha]) => (name.startsWith('refs/remotes/') ? [] : [sha]))
  const named = new Set([...own, ...(await readHeads(paths)), ...(await readReflogs(paths))])
  if (named.size === 0) return []
  const kept = new Set((await readRefsBelow(door, paths.mirror, 'refs/')).values())
  const unknown = [...named].filter((sha) => !kept.has(sha))
  if (unknown.length === 0) return []
  // What was pruned already can not be saved by anybody.
  const args = ['rev-list', '--ignore-missing', '--parents', '--stdin']
  const input = [...unknown, ...[...kept].map((sha) => `^${sha}`)].map((line) => `${line}\n`).join('')
  const listed = (await door.text({ at: { gitDir: paths.control }, args, input })).split('\n')
  const lines = listed.map((line) => line.split(' ').filter(isSha))
  const reached = new Set(lines.flatMap(([, ...parents]) => parents))
  return lines.flatMap(([commit]) => (commit === undefined || reached.has(commit) ? [] : [commit]))
}

/** The commits that worktrees stand on without a branch. */
async function readHeads(paths: SessionPaths): Promise<readonly Sha[]> {
  const texts = await Promise.all(
    (await listWorktrees(paths)).map((gitDir) => readSmallFile(join(gitDir, 'HEAD'), 1000)),
  )
  return texts.map((text) => (text ?? '').trim()).filter(isSha)
}

async function readReflogs(paths: SessionPaths): Promise<readonly Sha[]> {
  const gitDirs = [paths.repository, ...(await listWorktrees(paths))]
  return (await Promise.all(gitDirs.map((gitDir) => readLogs(join(gitDir, 'logs'))))).flat()
}

/** What a reviewer did in a worktree of its own goes with it; it is nobody's work. */
async function listWorktrees(paths: SessionPaths): Promise<readonly string[]> {
  const folder = join(paths.repository, 'worktrees')
  const gitDirs: string[] = []
  for (const { name } of await listFolder(folder)) {
    if (!(await isReview(paths, name))) gitDirs.push(join(folder, name))
  }
  return gitDirs
}

async function readLogs(folder: string): Promise<readonly Sha[]> {
  const found: Sha[] = []
  for (const entry of await listFolder(folder)) {
    const path = join(folder, entry.name)
    if (path.endsWith(join('logs', 'refs', 'remotes'))) continue
    if (entry.isDirectory()) found.push(...(await readLogs(path)))
    else found.push(...(await readLog(path)))
  }
  return found
}

/** Each line begins with the commit before and the commit after. */
async function readLog(file: string): Promise<readonly Sha[]> {
  const text = await readSmallFile(file, LARGEST_LOG)
  if (text === null && (await lookAt(file)) !== null) throw new UnexpectedFile(file)
  const names = (text ?? '').split('\n').flatMap((line) => line.split(' ', 2))
  return [...new Set(names.filter(isSha))].filter((sha) => !/^0+$/.test(sha))
}
