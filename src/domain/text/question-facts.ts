// The facts of a question: picture, table, commits. Everything foreign in them is escaped and bounded.

import { assertNever } from '../assert-never.ts'
import { isAboutBudget, isAboutSync, type SyncQuestion } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import { shortSha } from '../ids.ts'
import type { CommitSummary } from '../sync/facts.ts'
import type { PinNote } from '../sync/pin.ts'
import { pinRef } from '../sync/pin.ts'
import { divergencePicture } from './divergence-picture.ts'
import { blocks, clip, codeCell, count, escapeText, fence, listing, table } from './markdown.ts'
import { budgetFacts } from './question-budget.ts'
import { isPushRefusal, pushRefusalText } from './push-result-text.ts'
import { hasMovedOn } from './question-words.ts'

const LISTED_COMMITS = 20
const LISTED_PATHS = 20
const LISTED_PINS = 5
const TEXT_LENGTH = 120

/** Returns picture, table and commits of a question. */
export function questionFacts(decision: Decision): string {
  if (isAboutBudget(decision)) return budgetFacts(decision)
  return isAboutSync(decision) ? syncFacts(decision) : ''
}

function syncFacts(decision: SyncQuestion): string {
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
      : [['Conflicting files', paths(details.conflictingPaths)]]),
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

function pinRows(pin: PinNote): readonly (readonly string[])[] {
  return [
    ['Pinned as', `${codeCell(pinRef(pin.prefix, 'head'))}, ${pinPlace(pin)}`],
    ...(pin.dirtyPaths.length === 0
      ? []
      : [
          [
            'Uncommitted files',
            `${paths(pin.dirtyPaths)} in ${codeCell(pinRef(pin.prefix, 'worktree'))}, ${filesPlace(pin)}`,
          ],
        ]),
  ]
}

function filesPlace({ files, push }: PinNote): string {
  if (files === 'pushed' && push === 'pushed') return 'on GitHub and on the runner'
  if (files === null || files === 'pushed') return 'on the runner'
  return `on the runner only. ${refusalMeaning(files)}`
}

/** Returns where a pin lies, and why only there. */
function pinPlace(pin: PinNote): string {
  switch (pin.push) {
    case 'pushed':
      return 'on GitHub and on the runner'
    case 'not_tried':
    case 'not_wanted':
      return 'on the runner'
    case 'expired':
      return 'on the runner only: the copy on GitHub was deleted 30 days after the question was closed'
    case 'disabled':
      return 'on the runner only, as `sync.push_backups` or a person wanted it'
    case 'refused':
      if (pin.branch !== null)
        return `on the runner, and on the branch ${codeCell(pin.branch)}. ${refusalMeaning(pin.pushRefusal)}`
      return `on the runner only. ${refusalMeaning(pin.pushRefusal)}`
    default:
      return assertNever(pin.push)
  }
}

function refusalMeaning(name: string | null): string {
  if (name === null || !isPushRefusal(name)) return 'GitHub refused the ref.'
  const said: Readonly<Record<string, string>> = {
    protected: 'GitHub refused the ref by a protection rule.',
    ruleset: 'GitHub refused the ref by a repository rule.',
    non_fast_forward: 'A ref of that name was there already.',
  }
  return said[name] ?? pushRefusalText(name).meaning
}

function paths(all: readonly string[]): string {
  return listing(
    all.map((path) => codeCell(clip(path, TEXT_LENGTH))),
    LISTED_PATHS,
  )
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
