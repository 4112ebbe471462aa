// The facts of a question about a sync: picture, table, commits. Everything foreign in them is escaped and bounded.

import type { SyncQuestion } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import type { CommitSummary } from '../sync/facts.ts'
import { divergencePicture } from './divergence-picture.ts'
import { blocks, clip, codeCell, count, escapeText, fence, table } from './markdown.ts'
import { pathList, pinRows } from './pin-rows.ts'
import { hasMovedOn } from './question-sync-words.ts'

const LISTED_COMMITS = 20
const LISTED_PINS = 5
const TEXT_LENGTH = 120

/** Returns picture, table and commits of the question. */
export function syncFacts(decision: SyncQuestion): string {
  const { details } = decision
  return blocks(
    picture(decision),
    table(['', ''], rows(decision)),
    commitTable(details.isReset ? 'Set aside from the worktree' : 'Only in the worktree', details.discarded),
  )
}

function picture(decision: SyncQuestion): string | null {
  const { mergeBase, discarded, remoteCommits, isReset, pins } = decision.details
  const body = divergencePicture({
    mergeBase,
    own: discarded,
    remote: remoteCommits,
    isReset,
    isPinned: pins.length > 0,
    hasMovedOn: hasMovedOn(decision),
  })
  return body === null ? null : fence(body, 'mermaid')
}

function rows(decision: SyncQuestion): readonly (readonly string[])[] {
  const { details } = decision
  return [
    ['Branch', codeCell(details.branch)],
    ...(details.remoteHead === null ? [] : [['On GitHub', codeCell(shortSha(decision.headSha))]]),
    ...(details.localHead === null ? [] : [['Worktree before', codeCell(shortSha(details.localHead))]]),
    ['Worktree now', worktreeNow(decision)],
    ['Where it lies', `${codeCell(`$BELAY_HOME/sessions/${decision.sessionId}/tree`)}, on the runner`],
    ...(details.conflictingPaths.length === 0
      ? []
      : [['Conflicting files', pathList(details.conflictingPaths)]]),
    ...details.pins.slice(0, LISTED_PINS).flatMap(pinRows),
  ]
}

function worktreeNow(decision: SyncQuestion): string {
  const { details } = decision
  const { isReset, remoteHead, localHead } = details
  if (isReset) return remoteHead === null ? 'clean' : `clean, at ${codeCell(shortSha(remoteHead))}`
  if (details.case === 'reset_failed') return 'perhaps half reset'
  if (decision.kind === 'hard_reset_recovery') return 'divergent, perhaps half reset'
  return localHead === null ? 'as it was' : `as it was, at ${codeCell(shortSha(localHead))}`
}

function commitTable(title: string, commits: readonly CommitSummary[]): string | null {
  if (commits.length === 0) return null
  const shown = commits.slice(-LISTED_COMMITS)
  const hidden = commits.length - shown.length
  const body = shown.map((commit) => [
    codeCell(shortSha(commit.sha)),
    escapeText(clip(commit.subject, TEXT_LENGTH)),
    escapeText(clip(commit.author, TEXT_LENGTH)),
  ])
  return blocks(
    `**${title}** (${count(commits.length, 'commit')}, oldest first)`,
    table(['Commit', 'Subject', 'Author'], body),
    hidden === 0 ? null : `Not listed: ${count(hidden, 'older commit')}.`,
  )
}
