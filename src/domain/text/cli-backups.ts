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
  readonly contents: PinContents | null
}

/** Returns the table of pins. */
export function renderBackups(all: readonly BackupFacts[]): string {
  if (all.length === 0) return 'Nothing is pinned.\n'
  return alignedTable(
    ['ID', 'SESSION', 'PR', 'HEAD', 'WHY', 'ON ORIGIN', 'RESCUED TO', 'PINNED'],
    all.map(({ backup, prNumber, syncCase }) => [
      backup.id,
      backup.sessionId,
      prNumber === null ? '-' : `#${prNumber}`,
      backup.head.slice(0, 12),
      syncCase ?? backup.reason,
      onOrigin(backup),
      rescuedTo(backup),
      formatTime(backup.createdAt),
    ]),
  )
}

/** Returns one pin: its facts, what lies in it, and the lines that bring it back. */
export function renderBackup(shown: ShownBackup): string {
  const { backup, contents } = shown
  return [
    facts(shown),
    ...(contents === null ? [MISSING] : inside(contents)),
    ...recovery(backup, contents),
  ].join('\n')
}

const MISSING =
  'The mirror on this machine does not have this pin. Look at BELAY_HOME, and on the machine that made it.\n'

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
    ['on origin', onOrigin(backup)],
    ['rescued to', rescuedTo(backup)],
  ])
}

function why({ backup: { reason }, syncCase, trigger }: BackupFacts): string {
  if (reason !== 'sync') return REASONS[reason]
  if (syncCase === null) return 'before a sync whose record is gone'
  const occasion = trigger === null ? '' : ` (${trigger.replaceAll('_', ' ')})`
  return `sync${occasion}: ${SYNC_CASES[syncCase].meaning}`
}

const REASONS: Readonly<Record<Exclude<Backup['reason'], 'sync'>, string>> = {
  failed_attempt: 'an attempt failed; its work was kept and not pushed',
  stopped: 'the agent was stopped',
  left_out: 'files were left out of the commit of what the agent left',
  rewritten: 'the branch was rewritten while the agent worked',
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

function recovery(backup: Backup, contents: PinContents | null): readonly string[] {
  const fromOrigin =
    backup.push === 'pushed'
      ? [
          `Get the commits into a clone:\n  git fetch origin ${backup.prefix}/head && git branch rescued FETCH_HEAD\n`,
        ]
      : []
  const lines = pinRecoveryLines(backup, { hasConflicts: contents?.hasConflicts ?? false })
  return [
    ...fromOrigin,
    `Get the commits into a clone on this machine, with BELAY_HOME as a full path:\n  git fetch ${mirrorPath(backup.projectId)} ${backup.prefix}/head && git branch rescued FETCH_HEAD\n`,
    `Get files and index back exactly, in a new folder on this machine:\n${lines.map((line) => `  ${line}\n`).join('')}`,
  ]
}

function onOrigin(one: Backup): string {
  switch (one.push) {
    case 'pushed':
      return 'yes'
    case 'refused':
      return `refused: ${one.pushRefusal ?? 'unknown'}`
    case 'disabled':
      return 'no, by configuration'
    case 'not_tried':
      return 'no'
    case 'expired':
      return 'no, deleted when its time was over'
    default:
      return assertNever(one.push)
  }
}

/** What a rescue came to, as the command line prints it. */
export interface RescuedPin {
  readonly backupId: string
  readonly branch: string
  /** Null when somebody moved the branch since it was made. */
  readonly head: string | null
  readonly compareUrl: string
  readonly leftOut: readonly string[]
}

/** Returns where the pinned work is now and what was kept back. */
export function renderRescued({ backupId, branch, head, compareUrl, leftOut }: RescuedPin): string {
  const where =
    head === null
      ? `The pin ${backupId} was put on the branch ${branch} before, and somebody moved that branch since.`
      : `The pin ${backupId} is on the branch ${branch}, up to ${head}.`
  const kept = leftOut.map((path) => `  ${oneLine(path)}\n`).join('')
  const note = kept === '' ? '' : `Not pushed, because they look like secrets or are too large:\n${kept}`
  return `${where}\n${compareUrl}\n${note}`
}
