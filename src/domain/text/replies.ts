// The text of every short answer to a command: what was understood, why it ended as it did, and the line to copy.

import { assertNever } from '../assert-never.ts'
import { renderQuestionReply } from './question-replies.ts'
import { renderRefusal } from './refusal-replies.ts'
import type { Reply } from './reply.ts'
import { renderRescueReply } from './rescue-replies.ts'
import { renderResult } from './result-replies.ts'

/** Returns the body of a reply. */
export function renderReply(reply: Reply): string {
  switch (reply.kind) {
    case 'problem':
    case 'refused':
    case 'no_session':
    case 'session_running':
    case 'pr_not_open':
    case 'fork_refused':
    case 'not_on_issues':
    case 'isolation_refused':
    case 'unknown_agent':
    case 'agent_not_found':
    case 'branch_refused':
    case 'repeated':
    case 'attempt_running':
    case 'merging':
    case 'not_restartable':
    case 'populate_failed':
    case 'broken':
      return renderRefusal(reply)
    case 'question_open':
    case 'several_open':
    case 'already_answered':
    case 'withdrawn':
    case 'unknown_question':
    case 'not_an_option':
    case 'edited_comment':
    case 'nothing_to_abort':
    case 'nothing_to_answer':
    case 'question_replaced':
    case 'wrong_phase':
    case 'reminder':
    case 'question_expired':
      return renderQuestionReply(reply)
    case 'help':
    case 'stopped':
    case 'synced':
    case 'sync_deferred':
    case 'populated':
    case 'phase_restarted':
    case 'config_faults':
      return renderResult(reply)
    case 'rescued':
    case 'rescued_before':
    case 'rescue_refused':
    case 'nothing_to_rescue':
    case 'nothing_dirty':
    case 'pin_damaged':
    case 'unknown_backup':
      return renderRescueReply(reply)
    default:
      return assertNever(reply)
  }
}
