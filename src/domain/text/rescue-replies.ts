// Replies to a rescue: where the work is now, what was kept back, and the line to copy next.

import { assertNever } from '../assert-never.ts'
import { renderCommand } from '../command/render-command.ts'
import { shortSha } from '../ids.ts'
import type { LeftOut, LeftOutReason } from '../sync/step.ts'
import { answerLines } from './answer-line.ts'
import { blocks, clip, fence, inlineCode, link, listing } from './markdown.ts'
import { formatTime } from './moment.ts'
import { pushRefusalText } from './push-result-text.ts'
import type { OpenQuestion, ResultReply } from './reply.ts'

const DETAIL_LENGTH = 1500
const QUOTED = 200
const LISTED_PATHS = 20

/** A reply about pinned work. */
export type RescueReply = Extract<
  ResultReply,
  {
    kind:
      | 'rescued'
      | 'rescued_before'
      | 'rescue_refused'
      | 'nothing_to_rescue'
      | 'nothing_dirty'
      | 'pin_damaged'
      | 'unknown_backup'
  }
>

/** Returns the body of a reply about a rescue. */
export function renderRescueReply(reply: RescueReply): string {
  switch (reply.kind) {
    case 'rescued':
      return rescued(reply)
    case 'rescued_before':
      return withQuestion(
        `The pinned work was put on the branch ${inlineCode(reply.branch)} before, and somebody moved that branch since; it was left alone: ${link('compare', reply.compareUrl)}.`,
        reply.openQuestion,
      )
    case 'rescue_refused':
      return blocks(
        `The branch ${inlineCode(reply.branch)} could not be pushed. ${pushRefusalText(reply.refusal).meaning} The pin is untouched, and the command can be repeated.`,
        detail(reply.detail),
      )
    case 'nothing_to_rescue':
      return 'This session has no pinned commits, so there is nothing to rescue.'
    case 'nothing_dirty':
      return nothingDirty(reply)
    case 'pin_damaged':
      return blocks(
        `The pin ${inlineCode(reply.backupId)} could not be read back whole on the machine that runs Belay, so nothing was pushed. An alert was raised for the operator; what the remote has of it is kept.`,
        detail(reply.detail),
      )
    case 'unknown_backup':
      return unknownBackup(reply)
    default:
      return assertNever(reply)
  }
}

function rescued(reply: Extract<RescueReply, { kind: 'rescued' }>): string {
  const what =
    reply.leftOut === undefined
      ? 'The pinned commits are'
      : 'The pinned commits, with the uncommitted files on top, are'
  return withQuestion(
    `${what} on the branch ${inlineCode(reply.branch)}, up to ${inlineCode(shortSha(reply.head))}: ${link('compare', reply.compareUrl)}.${keptBack(reply.leftOut ?? [])}`,
    reply.openQuestion,
  )
}

function withQuestion(where: string, open: OpenQuestion | null): string {
  if (open === null) return where
  return blocks(
    `${where} Question ${inlineCode(open.id)} is still open:`,
    fence(answerLines(open).join('\n'), 'text'),
  )
}

/** What stayed on the machine, by reason; empty when nothing did. */
function keptBack(leftOut: readonly LeftOut[]): string {
  const said = (reason: LeftOutReason, why: string): string => {
    const paths = leftOut.filter((one) => one.reason === reason).map(({ path }) => inlineCode(path))
    return paths.length === 0 ? '' : ` Not pushed, ${why}: ${listing(paths, LISTED_PATHS)}.`
  }
  return said('secret_like', 'because it looks like a secret') + said('too_large', 'because it is too large')
}

function nothingDirty({ backupId, leftOut }: Extract<RescueReply, { kind: 'nothing_dirty' }>): string {
  const line = renderCommand({ verb: 'rescue', backup: backupId, dirty: false })
  const why =
    leftOut.length === 0
      ? `The pin ${inlineCode(backupId)} holds no uncommitted files, so nothing was pushed.`
      : `Nothing was pushed: of the uncommitted files in the pin ${inlineCode(backupId)} none may leave the machine.${keptBack(leftOut)}`
  return blocks(`${why} Its commits alone:`, fence(line, 'text'))
}

function unknownBackup({ name, known }: Extract<RescueReply, { kind: 'unknown_backup' }>): string {
  const none = `There is no pin ${inlineCode(clip(name, QUOTED))} on this pull request. Nothing was done.`
  if (known.length === 0) return `${none} Nothing is pinned here.`
  return blocks(
    `${none} The newest here ${known.length === 1 ? 'is' : 'are'} ${listing(known.map((pin) => `${inlineCode(pin.id)} of ${formatTime(pin.createdAt)}`))}:`,
    fence(
      known.map(({ id }) => renderCommand({ verb: 'rescue', backup: id, dirty: false })).join('\n'),
      'text',
    ),
  )
}

function detail(words: string): string | null {
  return words.trim() === '' ? null : fence(clip(words, DETAIL_LENGTH), 'text')
}
