// Why a pipeline is not running, in words, and the command that goes on from there. One row for every failure code.

import type { Failure } from '../records.ts'
import { blocks, clip, fence } from './markdown.ts'

interface FailureText {
  readonly meaning: string
  /** What state things are in now. */
  readonly kept: string
  /** What to do next; `next` is what to copy, a command a line. */
  readonly advice: string
  readonly next: string | null
}

const KEPT = 'The worktree and every pin are kept.'
const DETAIL_LENGTH = 1500

const FAILURES: Readonly<Record<Failure['code'], FailureText>> = {
  agent_failed: {
    meaning: 'The agent did not end well, also after the allowed restarts.',
    kept: 'What it left in the worktree is kept and was not pushed.',
    advice:
      'Answer the question on this pull request. When none is open any more, this runs the phase again:',
    next: '/belay retry',
  },
  empty_contract: {
    meaning: 'The plan holds no tasks and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  consensus_stalled: {
    meaning: 'Reviewers and agent do not agree and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  agent_question: {
    meaning: 'The agent asks something that a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  question_expired: {
    meaning:
      'Nobody answered the question in the time that the repository allows, so the pipeline was cancelled.',
    kept: KEPT,
    advice: 'To run the phase again:',
    next: '/belay retry',
  },
  workspace_failed: {
    meaning: 'Repositories and worktree for this session could not be made.',
    kept: 'Nothing was changed on the branch.',
    advice: 'When the reason is gone, start again.',
    next: '/belay run',
  },
  hard_reset_recovery: {
    meaning: 'The branch diverged from the worktree and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  divergence_reconcile_unacked: {
    meaning: 'The branch diverged from the worktree, which was left as it is, and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  backup_failed: {
    meaning: 'The pin could not be put on the remote and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  branch_gone: {
    meaning: 'The branch is gone from the remote and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  sync_blocked: {
    meaning: 'The worktree could not be synced and a person has to decide.',
    kept: KEPT,
    advice: 'Answer the question on this pull request.',
    next: null,
  },
  cancelled_by_person: {
    meaning: 'The pipeline was aborted by a person.',
    kept: KEPT,
    advice:
      'The first line runs the phase again. The second ends the session, so that a new one can start from the branch as it is now.',
    next: '/belay retry\n/belay stop',
  },
  internal: {
    meaning: 'Something broke inside Belay, and trying again did not help.',
    kept: KEPT,
    advice: 'The operator finds the cause in the log. To try again:',
    next: '/belay run',
  },
  session_stopped: {
    meaning: 'The session was stopped.',
    kept: KEPT,
    advice: 'To start a new session from the branch as it is now:',
    next: '/belay run',
  },
}

/** Returns why, what is kept, what was said, and the line to copy. */
export function renderFailure(failure: Failure): string {
  const text = FAILURES[failure.code]
  const detail = failure.detail.trim()
  return blocks(
    `${text.meaning} ${text.kept}`,
    detail === '' ? null : fence(clip(detail, DETAIL_LENGTH), 'text'),
    text.advice,
    text.next === null ? null : fence(text.next, 'text'),
  )
}
