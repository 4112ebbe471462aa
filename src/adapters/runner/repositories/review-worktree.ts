// The worktree of a review: detached at a commit, made for one attempt and gone with it. Its git files are written by
// hand and its files put there through our own git directory, so that nothing an agent wrote has a say.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import type { Sha } from '../../../domain/ids.ts'
import type { GitDoor } from '../git/git-door.ts'
import { listFolder, lookAt, readSmallFile } from '../look-at.ts'
import { removeAll } from './remove-all.ts'
import {
  isReviewName,
  reviewPaths,
  type ReviewedSession,
  type ReviewPaths,
  type SessionPaths,
} from './session-paths.ts'
import { findTampering } from './tampering.ts'

/**
 * Makes the worktree anew, with one git process; nothing of the session's own worktree is touched.
 *
 * Throws `WORKSPACE_INVALID` for a session that was not prepared or was tampered with, and `GIT_FAILED` for a commit
 * that it does not have.
 */
export async function makeReview(
  door: GitDoor,
  session: SessionPaths,
  { attemptId, commit }: { readonly attemptId: string; readonly commit: Sha },
): Promise<ReviewPaths> {
  const review = reviewPaths(session, attemptId)
  await refuseUnusable(session)
  await removeReview(session, attemptId)
  await makeRealFolder(session.reviews)
  for (const folder of [review.folder, review.tree, review.agentHome]) await mkdir(folder, { mode: 0o700 })
  await register(review, commit)
  await writeFile(join(review.tree, '.git'), `gitdir: ${review.worktreeGitDir}\n`, { flag: 'wx' })
  const at = {
    gitDir: session.control,
    workTree: review.tree,
    indexFile: review.indexFile,
    cwd: review.tree,
  }
  await door.run({ at, args: ['read-tree', '--reset', '-u', commit] })
  return review
}

/**
 * Removes a review with all it left; done when there is none.
 *
 * A commit that a reviewer made and no ref names goes with it: what a reviewer leaves is its verdict.
 */
export async function removeReview(session: ReviewedSession, attemptId: string): Promise<void> {
  const review = reviewPaths(session, attemptId)
  await removeBelow(session.reviews, attemptId)
  await unregister(session, review.registration)
}

/**
 * Removes what reviews left that nobody ended, but for those the caller knows to live; also half-made and half-removed
 * ones.
 */
export async function removeLeftReviews(
  session: ReviewedSession,
  isKept: (attemptId: string) => Promise<boolean>,
): Promise<void> {
  // Before the folders, so that a review that is only being made is not taken for one whose folder is gone.
  const registrations = (await listFolder(join(session.repository, 'worktrees'))).map(({ name }) => name)
  const kept = new Set<string>()
  for (const { name } of await listReal(session.reviews)) {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name)) await removeBelow(session.reviews, name)
    else if (await isKept(name)) kept.add(reviewPaths(session, name).registration)
    else await removeReview(session, name)
  }
  for (const name of registrations) {
    if (!kept.has(name) && (await isReview(session, name))) await unregister(session, name)
  }
}

/** Tells whether a worktree of the session repository is a review of ours and not an agent's own. */
export async function isReview(session: ReviewedSession, registration: string): Promise<boolean> {
  if (!isReviewName(registration)) return false
  const file = join(session.repository, 'worktrees', registration, 'gitdir')
  const gitFile = (await readSmallFile(file, 5000))?.trim() ?? ''
  // A kill leaves a registration that does not say yet where it lies.
  return gitFile === '' || gitFile.startsWith(`${session.reviews}/`)
}

async function refuseUnusable(session: SessionPaths): Promise<void> {
  const isMade = (await lookAt(session.control)) !== null && (await lookAt(session.repository)) !== null
  const fault = isMade ? await findTampering(session) : 'it was not prepared'
  if (fault === null) return
  const reason = isMade ? `${fault} was changed.` : `${fault}.`
  throw new AppError('WORKSPACE_INVALID', { session: session.sessionId, reason })
}

/** Says what `git worktree add --detach --lock` would. */
async function register({ tree, worktreeGitDir }: ReviewPaths, commit: Sha): Promise<void> {
  await mkdir(worktreeGitDir, { recursive: true })
  const files = {
    gitdir: `${join(tree, '.git')}\n`,
    commondir: '../..\n',
    HEAD: `${commit}\n`,
    locked: 'Belay removes it when the review has ended.\n',
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(worktreeGitDir, name), content, { flag: 'wx' })
  }
}

/** An agent may have put a link in its place. */
async function makeRealFolder(folder: string): Promise<void> {
  const found = await lookAt(folder)
  if (found !== null && !found.isDirectory()) await rm(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

async function unregister({ repository }: ReviewedSession, registration: string): Promise<void> {
  if (await isRealFolder(repository)) await removeBelow(join(repository, 'worktrees'), registration)
}

async function isRealFolder(folder: string): Promise<boolean> {
  return (await lookAt(folder))?.isDirectory() === true
}

async function listReal(folder: string): ReturnType<typeof listFolder> {
  return (await isRealFolder(folder)) ? listFolder(folder) : []
}

/** A link in place of the folder would have somebody else's files removed. */
async function removeBelow(folder: string, name: string): Promise<void> {
  if (await isRealFolder(folder)) await removeAll(join(folder, name))
}
