// Replies to commands that were run: what was done, and what state things are in now.

import { assertNever } from '../assert-never.ts'
import { shortSha } from '../ids.ts'
import { SYNC_CASES } from '../sync/case.ts'
import { configFaultLines } from './config-fault-lines.ts'
import { blocks, codeCell, count, inlineCode, table } from './markdown.ts'
import type { ResultReply } from './reply.ts'
import type { RescueReply } from './rescue-replies.ts'

/** Returns the body of a result. */
export function renderResult(reply: Exclude<ResultReply, RescueReply>): string {
  switch (reply.kind) {
    case 'help':
      return help(reply)
    case 'stopped':
      return stopped(reply)
    case 'synced':
      return synced(reply)
    case 'sync_deferred':
      return `The agent is at work on phase ${inlineCode(reply.phase)}, and the worktree is its own until then. The sync runs as soon as the attempt has ended.`
    case 'populated':
      return populated(reply)
    case 'phase_restarted':
      return `Phase ${inlineCode(reply.phase)} runs again from its beginning. The agent is told how the last attempt ended and what is pinned.`
    case 'config_faults':
      return blocks(
        '`.github/belay.yml` has faults. The command was run with the last good configuration, or with the defaults when there never was one.',
        configFaultLines(reply.faults),
      )
    default:
      return assertNever(reply)
  }
}

function help(reply: Extract<ResultReply, { kind: 'help' }>): string {
  const rows = reply.usable.map((line) => [codeCell(line.example), line.summary])
  return blocks(
    `You can use these commands here and now, with the role ${inlineCode(reply.role)}:`,
    table(['Command', 'What it does'], rows),
    'A command stands at the start of a line. Text in quotes, code, lists and links never counts.',
  )
}

function stopped(reply: Extract<ResultReply, { kind: 'stopped' }>): string {
  const question =
    reply.withdrawnQuestion === null
      ? ''
      : ` Question ${inlineCode(reply.withdrawnQuestion)} was withdrawn and needs no answer any more.`
  return `The session ${inlineCode(reply.sessionId)} was stopped: no agent runs, and nothing is pushed to ${inlineCode(reply.branch)} any more. The worktree, every pin and the branch are kept as they are.${question}`
}

function synced(reply: Extract<ResultReply, { kind: 'synced' }>): string {
  const moved =
    reply.after === null || reply.after === reply.before
      ? ''
      : ` ${inlineCode(reply.branch)} is at ${inlineCode(shortSha(reply.after))} in the worktree${reply.before === null ? '' : `; before, it was at ${inlineCode(shortSha(reply.before))}`}.`
  const question =
    reply.questionId === null ? '' : ` Question ${inlineCode(reply.questionId)} asks how to go on.`
  return `${SYNC_CASES[reply.case].meaning}${moved}${question}`
}

function populated(reply: Extract<ResultReply, { kind: 'populated' }>): string {
  const held = `the plan ${inlineCode(reply.path)} of phase ${inlineCode(reply.phase)} after a sync; it holds ${count(reply.tasks, 'task')}`
  return reply.changed
    ? `Belay read ${held}. The contract has them now, and tasks that were there before keep their state.`
    : `Belay read ${held}, the same as at the last reading. Nothing was changed.`
}
