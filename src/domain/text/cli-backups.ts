// What the command line says about pins: the list, one pin with what lies in it, and what a rescue came to.

import { assertNever } from '../assert-never.ts'
import { shortSha } from '../ids.ts'
import type { Backup, SyncTrigger } from '../records.ts'
import { SYNC_CASES, type SyncCase } from '../sync/case.ts'
import type { PinContents, PinnedChange } from '../sync/pin-contents.ts'
import { aligned, alignedTable } from './aligned-table.ts'
import { oneLine } from './markdown.ts'
import { formatTime } from './moment.ts'
import { pinRecoveryLines } from './pin-recovery.ts'
import { mirrorPath } from './question-recovery.ts'
import { shellWord } from './shell-word.ts'

/** How many changed paths of a pin are shown. */
export const SHOWN_PATHS = 50

/** A pin with what belongs to it. */
export interface BackupFacts {
  readonly backup: Backup
  readonly repository: { readonly owner: string; readonly name: string } | null
  readonly prNumber: number | null
  /** The pipeline that was synced when the pin was made; null for a pin made otherwise. */
  readonly pipelineId: string | null
  readonly syncCase: SyncCase | null
  readonly trigger: SyncTrigger | null
}

/** A pin with what lies in it; null when this machine's mirror does not have it. */
export interface ShownBackup extends BackupFacts {
  /** BELAY_HOME of this machine as a full path. */
  readonly home: string
  readonly contents: PinContents | null
}

/** Returns the table of pins. */
export function renderBackups(all: readonly BackupFacts[]): string {
  if (all.length === 0) return 'Nothing is pinned.\n'
  return alignedTable(
    ['ID', 'SESSION', 'PR', 'HEAD', 'WHY', 'KEPT', 'RESCUED TO', 'PINNED'],
    all.map(({ backup, prNumber, syncCase }) => [
      backup.id,
      backup.sessionId,
      prNumber === null ? '-' : `#${prNumber}`,
      backup.head.slice(0, 12),
      whyInBrief(backup, syncCase),
      kept(backup),
      rescuedTo(backup),
      formatTime(backup.createdAt),
    ]),
  )
}

/** Returns one pin: its facts, what lies in it, and the lines that bring it back. */
export function renderBackup(shown: ShownBackup): string {
  const { contents } = shown
  return [
    facts(shown),
    ...(contents === null ? [missing(shown)] : inside(contents)),
    ...recovery(shown),
  ].join('\n')
}

function missing({ home }: ShownBackup): string {
  return `No mirror below BELAY_HOME, which is ${oneLine(home)}, has this pin. Correct BELAY_HOME, or look on the machine that made the pin.\n`
}

function facts(shown: ShownBackup): string {
  const { backup, repository, prNumber } = shown
  const place = repository === null ? '-' : `${repository.owner}/${repository.name}`
  return aligned([
    ['pin', backup.id],
    ['session', backup.sessionId],
    ['pull request', prNumber === null ? place : `${place}#${prNumber}`],
    ['pinned', formatTime(backup.createdAt)],
    ['why', why(shown)],
    ['commits', `${backup.head} at ${backup.prefix}/head`],
    ['index', `${backup.index} at ${backup.prefix}/index`],
    ['worktree', `${backup.worktree} at ${backup.prefix}/worktree`],
    ['kept', kept(backup)],
    ['rescued to', rescuedTo(backup)],
  ])
}

function why({ backup: { reason }, syncCase, trigger }: BackupFacts): string {
  if (reason !== 'sync') return REASONS[reason]
  if (syncCase === null) return 'before a sync whose record is gone'
  const occasion = trigger === null ? '' : ` (${trigger.replaceAll('_', ' ')})`
  return `sync${occasion}: ${SYNC_CASES[syncCase].meaning}`
}

function whyInBrief({ reason }: Backup, syncCase: SyncCase | null): string {
  return reason === 'sync' ? (syncCase ?? 'sync') : BRIEF_REASONS[reason]
}

const BRIEF_REASONS: Readonly<Record<Exclude<Backup['reason'], 'sync'>, string>> = {
  failed_attempt: 'attempt failed',
  stopped: 'agent stopped',
  left_out: 'files not committed',
  rewritten: 'branch rewritten',
  ended: 'session ended',
}

const REASONS: Readonly<Record<Exclude<Backup['reason'], 'sync'>, string>> = {
  failed_attempt: 'an attempt failed; its work was kept and not pushed',
  stopped: 'the agent was stopped',
  left_out: 'files were left out of the commit of what the agent left',
  rewritten: 'the branch was rewritten while the agent worked',
  ended: 'the session ended with work that was not on GitHub',
}

function rescuedTo({ rescueBranch, dirtyRescueBranch }: Backup): string {
  const branches = [rescueBranch, dirtyRescueBranch].filter((branch) => branch !== null)
  return branches.length === 0 ? '-' : branches.join(', ')
}

function inside(contents: PinContents): readonly string[] {
  if (contents.fault !== null)
    return [`DAMAGED: the pin can not be read back whole.\n  ${oneLine(contents.fault)}\n`]
  return [commits(contents), changes(contents)]
}

function commits({ commits: list }: PinContents): string {
  if (list.length === 0) return 'Commits that no branch on origin has: none\n'
  const lines = list.map(
    ({ sha, author, subject }) => `  ${shortSha(sha)}  ${oneLine(subject)} (${oneLine(author)})\n`,
  )
  return `Commits that no branch on origin has:\n${lines.join('')}`
}

function changes({ changes: list, changeCount, hasConflicts }: PinContents): string {
  if (changeCount === 0) return 'Uncommitted files: none\n'
  const rest = changeCount - list.length
  const lines = list.map((change) => `  ${change.letters}  ${oneLine(change.path)}${lineCount(change)}\n`)
  const conflicts = hasConflicts ? 'The index held conflicts; all stages are kept.\n' : ''
  const more = rest === 0 ? '' : `  and ${rest} more\n`
  return `Uncommitted files (staged, unstaged; ?? is untracked):\n${lines.join('')}${more}${conflicts}`
}

function lineCount({ lines }: PinnedChange): string {
  return lines === null ? '' : `  +${lines.added} -${lines.deleted}`
}

function recovery({ backup, contents, home }: ShownBackup): readonly string[] {
  const fetched = `${backup.prefix}/head && git branch rescued FETCH_HEAD\n`
  const fromOrigin =
    backup.push === 'pushed' ? [`Get the commits into any clone:\n  git fetch origin ${fetched}`] : []
  if (contents === null) return fromOrigin
  const lines = pinRecoveryLines(backup, contents)
  return [
    ...(contents.fault === null ? [rescue(backup)] : []),
    ...fromOrigin,
    `The lines below work on this machine, after this one:\n  BELAY_HOME=${shellWord(home)}\n`,
    `Get the commits into a clone:\n  git fetch ${mirrorPath(backup.projectId)} ${fetched}`,
    `Get files and index back exactly, in a new folder:\n${lines.map((line) => `  ${line}\n`).join('')}`,
  ]
}

function rescue({ id }: Backup): string {
  return `Put the commits on a new branch of the repository, with --dirty the uncommitted files too:\n  belay backups rescue ${id}\n`
}

function kept(one: Backup): string {
  switch (one.push) {
    case 'pushed':
      return 'on this machine and on origin'
    case 'refused':
      return `on this machine, push refused: ${one.pushRefusal ?? 'unknown'}`
    case 'disabled':
      return 'on this machine, by choice'
    case 'not_tried':
      return 'on this machine, not pushed'
    case 'not_wanted':
      return 'on this machine'
    case 'expired':
      return 'on this machine, no longer on origin'
    default:
      return assertNever(one.push)
  }
}
