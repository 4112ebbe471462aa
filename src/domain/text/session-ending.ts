// How a session ended, in words: what happened, where its work is, and the way on.

import type { Backup, EndCause, SessionEnding } from '../records.ts'
import { blocks, fence, inlineCode } from './markdown.ts'

const TITLES: Readonly<Record<EndCause, string>> = {
  person: 'The session was stopped.',
  merged: 'The pull request was merged and the session is over.',
  closed: 'The pull request was closed and the session is over.',
  gone: 'The pull request was not found on GitHub and the session was stopped.',
  branch_changed: 'The pull request is about another branch now and the session was stopped.',
  uninstalled: 'The App was uninstalled and the session was stopped.',
  suspended: 'The App was suspended and the session was stopped.',
  repository_removed: 'The repository was taken off the App and the session was stopped.',
  repository_deleted: 'The repository was deleted and the session was stopped.',
}

/** What ended a session, with what has to be named. */
export type Ending =
  | { readonly because: 'person'; readonly by: string }
  | { readonly because: 'branch_changed'; readonly shown: string; readonly branch: string }
  | { readonly because: Exclude<EndCause, 'person' | 'branch_changed'> }

const REASONS: Readonly<Record<Exclude<EndCause, 'person' | 'branch_changed'>, string>> = {
  merged: 'The pull request was merged.',
  closed: 'The pull request was closed.',
  gone: 'The pull request is gone from GitHub.',
  uninstalled: 'The App was uninstalled.',
  suspended: 'The App was suspended.',
  repository_removed: 'The repository was taken off the App.',
  repository_deleted: 'The repository was deleted.',
}

/** Returns the one sentence that is stored with an ended session. */
export function endReason(ending: Ending): string {
  switch (ending.because) {
    case 'person':
      return `Stopped by ${ending.by}.`
    case 'branch_changed':
      return `The pull request is about the branch ${ending.shown} now, and not about ${ending.branch}.`
    default:
      return REASONS[ending.because]
  }
}

/** Returns why a workspace is kept: what of it is in no pin. */
export function unpinnedWords(paths: readonly string[]): string {
  return `not in the pin: ${paths.join(', ')}`
}

/** Returns why a workspace is kept: the worktree can not be looked at. */
export function unavailableWords(fault: string): string {
  return `the worktree is ${fault}`
}

/** Returns the first line for an ended session. */
export function endingTitle({ because }: SessionEnding): string {
  return `**${TITLES[because]}** Nothing runs.`
}

export interface EndingFacts {
  readonly ending: SessionEnding
  readonly sessionId: string
  /** Pins of the pull request's sessions, oldest first. */
  readonly pins: readonly Backup[]
}

/** Returns what became of the work, and what to do to go on. */
export function renderEnding({ ending, sessionId, pins }: EndingFacts): string {
  const last = pins.findLast((pin) => pin.sessionId === sessionId && pin.reason === 'ended')
  return blocks(
    ending.because === 'branch_changed' ? ending.reason : null,
    workspaceWords(ending),
    last === undefined ? null : pinWords(last),
    wayOn(ending),
  )
}

function workspaceWords({ because, workspace }: SessionEnding): string {
  const isOver = because === 'merged' || because === 'closed'
  switch (workspace) {
    case 'released':
      return 'The worktree was removed, after everything in it that was not on GitHub was pinned. Files that git ignores went with it.'
    case 'held':
      return 'The worktree is kept on the runner: not everything in it could be pinned. An alert tells the operator what.'
    case 'kept':
    case 'releasing':
      return isOver
        ? 'What is in the worktree and not on GitHub is being pinned; then the worktree is removed.'
        : 'The worktree and every pin are kept.'
    default:
      return workspace satisfies never
  }
}

function pinWords({ id, prefix }: Backup): string {
  return blocks(
    `What was in the worktree and not on GitHub is pinned below ${inlineCode(prefix)}. The first line puts its commits on a new branch, the second one the uncommitted files with them:`,
    fence(`/belay rescue ${id}\n/belay rescue ${id} --dirty`, 'text'),
  )
}

function wayOn({ because }: SessionEnding): string | null {
  switch (because) {
    case 'merged':
      return null
    case 'closed':
      return 'When the pull request is opened again, `/belay run` starts a new session.'
    default:
      return blocks('To start a new session from the branch as it is now:', fence('/belay run', 'text'))
  }
}
