// The sentences of a question about a sync: what happened, by case and moment, and what state things are in now.

import { assertNever } from '../assert-never.ts'
import { DECISIONS } from '../decision/decision.ts'
import type { SyncQuestion } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import { SYNC_CASES } from '../sync/case.ts'
import { blockedCure } from './blocked-cure.ts'
import { blocks, clip, count, fence, inlineCode } from './markdown.ts'
import { pushRefusalText } from './push-result-text.ts'

const NOTE_LENGTH = 2000

/** Returns why the sync could not go on and what state things are in now. */
export function whySyncStopped(decision: SyncQuestion): string {
  if (decision.kind === 'hard_reset_recovery')
    return decision.details.isReset ? afterReset(decision) : afterFailedReset(decision)
  return whyBlocked(decision)
}

function moment(decision: SyncQuestion): string {
  if (decision.concerns === 'worktree') return 'After the pipeline had ended'
  const phase = inlineCode(decision.phase)
  switch (decision.details.moment) {
    case 'phase_start':
      return `Before phase ${phase} started`
    case 'phase_end':
      return `After the agent finished phase ${phase}`
    case 'populate':
      return `Before the plan of phase ${phase} was read`
    case 'recovery':
      return `While Belay took up phase ${phase} after a restart`
    default:
      return assertNever(decision.details.moment)
  }
}

function afterReset(decision: SyncQuestion): string {
  const { branch, discarded } = decision.details
  const commits = discarded.length === 0 ? 'the commits of the worktree' : count(discarded.length, 'commit')
  return blocks(
    '### The branch diverged and was reset',
    `${moment(decision)}, the worktree and ${inlineCode(branch)} on GitHub had grown apart, and ${commits} could not be replayed${obstacle(decision)}. Belay pinned everything that was in the worktree, read the pin back, and then reset the worktree to ${place(decision)}. Nothing is lost.`,
    movedOn(decision),
  )
}

function afterFailedReset(decision: SyncQuestion): string {
  const { branch } = decision.details
  return blocks(
    '### The branch diverged and the reset failed',
    `${moment(decision)}, the worktree and ${inlineCode(branch)} on GitHub had grown apart, the commits of the worktree could not be replayed${obstacle(decision)}, and the reset failed as well. **The worktree is still divergent**, and its files may be half changed: there is nothing to continue from. ${pinned(decision)}`,
    movedOn(decision),
    note(decision),
  )
}

function obstacle({ details }: SyncQuestion): string {
  return details.obstacle === 'merge'
    ? ': a merge is among them, and replaying it would drop changes that only the merge holds'
    : ' without conflicts'
}

function pinned(decision: SyncQuestion): string {
  return decision.details.pins.length === 0
    ? 'The reset did not begin, so nothing was discarded.'
    : 'Everything that was in it before is pinned, so nothing is lost.'
}

/** Returns whether the branch stands elsewhere now than at the sync that the question is about. */
export function hasMovedOn({ headSha, details }: SyncQuestion): boolean {
  return details.remoteHead !== null && details.remoteHead !== headSha
}

function movedOn(decision: SyncQuestion): string | null {
  if (!hasMovedOn(decision)) return null
  const moved = `${inlineCode(decision.details.branch)} moved on to ${inlineCode(shortSha(decision.headSha))} since`
  return decision.details.isReset ? `${moved}, which the next sync brings in.` : `${moved}.`
}

function whyBlocked(decision: SyncQuestion): string {
  const { pushRefusal, case: name } = decision.details
  const refusal = pushRefusal === null ? null : pushRefusalText(pushRefusal)
  const cure = refusal?.cure ?? blockedCure(name)
  const [opening, meaning] = [`${moment(decision)}, the sync stopped.`, SYNC_CASES[name].meaning]
  return blocks(
    `### ${DECISIONS[decision.kind].title}`,
    [opening, meaning, refusal?.meaning, mergeWords(decision), untouched(decision)].filter(Boolean).join(' '),
    lastPause(decision),
    movedOn(decision),
    cure === null ? null : `**What helps.** ${cure}`,
    note(decision),
  )
}

/** After a reset that stopped half way the files are neither what they were nor what they should be. */
function untouched({ details }: SyncQuestion): string {
  return details.case === 'reset_failed'
    ? 'Its files may be half changed; what was there before is pinned.'
    : 'Nothing was discarded.'
}

function mergeWords({ details }: SyncQuestion): string | null {
  if (details.obstacle !== 'merge') return null
  return 'A merge is among our commits, and replaying it would drop changes that only the merge holds.'
}

/** The pins of every pause are listed below it. */
function lastPause({ kind, details, options }: SyncQuestion): string | null {
  const isLast = kind === 'divergence_reconcile_unacked' && options.every(({ id }) => id !== 'continue')
  if (!isLast) return null
  return `The sync was tried again ${count(details.earlierPauses, 'time')} and the two sides still do not fit together. This is the last question about it: choose one of the sides. What each try found is pinned and listed below.`
}

function note(decision: SyncQuestion): string | null {
  const text = decision.details.note.trim()
  return text === '' ? null : fence(clip(text, NOTE_LENGTH), 'text')
}

function place(decision: SyncQuestion): string {
  const { remoteHead } = decision.details
  if (remoteHead === null) return 'the branch on GitHub'
  return `${inlineCode(shortSha(remoteHead))}, the commit on GitHub${hasMovedOn(decision) ? ' then' : ''}`
}
