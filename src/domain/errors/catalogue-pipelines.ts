// Why a pipeline can not do what it was asked for now.
// A part of the catalogue; no logic, no secrets.

import type { PlanFault } from '../contract/plan.ts'
import { define } from './error-spec.ts'

/** Details of both errors that a sync before a populate can end with; the names are those of the wire. */
interface UnackedRecovery<Reason extends string> {
  readonly reason: Reason
  readonly hard_reset_performed: boolean
  /** The ref that holds what was discarded; null when nothing was pinned. */
  readonly backup_ref: string | null
  readonly discarded_commit_shas: readonly string[]
  readonly decision_id: string
  /** An earlier request opened the question. */
  readonly already_pending: boolean
}

interface FaultyDraft<Reason extends string> {
  readonly reason: Reason
  readonly path: string
}

/** A part of the catalogue, sorted by code. */
export const PIPELINE_ERRORS = {
  ATTEMPT_RUNNING: define<{ readonly attempt: string; readonly phase: string }>({
    status: 409,
    title: 'An agent is at work',
    message: (d) => `The attempt \`${d.attempt}\` of the phase ${d.phase} is running in the worktree.`,
    hint: () => 'Ask again when it has ended, or stop the session first.',
    audience: 'user',
    retry: 'after_fix',
  }),
  DECISION_PENDING: define<{ readonly decision_id: string; readonly context: string }>({
    status: 409,
    title: 'A decision is open',
    message: (d) =>
      `The question \`${d.decision_id}\` (${d.context}) is open, and nothing goes around an open question.`,
    hint: (d) => `Answer it: \`belay decisions answer ${d.decision_id} <option>\`, or on the pull request.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  DRAFT_MISSING: define<FaultyDraft<'draft_missing'>>({
    status: 404,
    title: 'No plan to read',
    message: (d) => `There is no plan at \`${d.path}\` in the worktree. The contract is as it was.`,
    hint: () => 'Commit the plan there, or start the phase again that writes it.',
    audience: 'user',
    retry: 'after_fix',
  }),
  EMPTY_RESULT: define<FaultyDraft<'empty_result'>>({
    status: 422,
    title: 'Plan holds no task',
    message: (d) => `The plan at \`${d.path}\` was read and holds no task. The contract is as it was.`,
    hint: () => 'Add at least one task to the plan, or start the phase again that writes it.',
    audience: 'user',
    retry: 'after_fix',
  }),
  HARD_RESET_RECOVERY_UNACKED: define<UnackedRecovery<'hard_reset_recovery_unacked'>>({
    status: 409,
    title: 'The worktree was reset',
    message: (d) =>
      `The sync before it reset the worktree to the branch on GitHub, and nobody has answered the question \`${d.decision_id}\` about it. The plan was not read.`,
    hint: (d) =>
      `Look at what was set aside${d.backup_ref === null ? '' : ` (\`${d.backup_ref}\`)`}, then answer the question \`${d.decision_id}\`.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  MERGE_UNDER_WAY: define<{ readonly pipeline: string }>({
    status: 409,
    title: 'GitHub is about to merge',
    message: () =>
      'GitHub is about to merge the pull request: nothing starts and nothing is pushed meanwhile.',
    hint: () => 'Take the pull request out of the merge queue, or switch auto-merge off, and ask again.',
    audience: 'user',
    retry: 'after_fix',
  }),
  NO_CONTRACT_PHASE: define<{ readonly pipeline: string }>({
    status: 404,
    title: 'No phase makes a contract',
    message: (d) => `No phase of the pipeline \`${d.pipeline}\` has \`produces: contract\`.`,
    hint: () => 'Add such a phase to .github/belay.yml, then start a new run.',
    audience: 'user',
    retry: 'after_fix',
  }),
  PARSE_FAILED: define<FaultyDraft<'parse_failed'> & { readonly faults: readonly PlanFault[] }>({
    status: 422,
    title: 'Plan can not be read',
    message: (d) =>
      `The plan at \`${d.path}\` has ${d.faults.length === 1 ? 'a fault' : `${d.faults.length} faults`}; each is in the details with its line. The contract is as it was.`,
    hint: () => 'Correct the plan and ask again.',
    audience: 'user',
    retry: 'after_fix',
  }),
  PHASE_NOT_FOUND: define<{
    readonly pipeline: string
    readonly phase: string
    readonly known: readonly string[]
  }>({
    status: 404,
    title: 'No such phase',
    message: (d) => `The pipeline \`${d.pipeline}\` has no phase with the name \`${d.phase}\`.`,
    hint: (d) => `Take one of: ${d.known.join(', ')}.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  PIPELINE_NOT_RESTARTABLE: define<{ readonly pipeline: string; readonly status: string }>({
    status: 409,
    title: 'Pipeline can not be started again',
    message: (d) =>
      `The pipeline \`${d.pipeline}\` is ${d.status}, and none of its phases can be run again in that state.`,
    hint: () => 'Comment `/belay run` on the pull request for a new run.',
    audience: 'user',
    retry: 'after_fix',
  }),
  PROJECT_NOT_FOUND: define<{ readonly project: string }>({
    status: 404,
    title: 'No such project',
    message: (d) => `There is no project with the id \`${d.project}\`.`,
    hint: () => 'List them with `GET /api/v1/projects`; a project appears when the App is installed on it.',
    audience: 'user',
    retry: 'never',
  }),
  SESSION_TERMINATED: define<{ readonly session: string }>({
    status: 409,
    title: 'Session is over',
    message: (d) =>
      `The session \`${d.session}\` has ended, or has gone on to a newer pipeline than this one.`,
    hint: () => 'Ask for its newest pipeline, or comment `/belay run` on the pull request for a new session.',
    audience: 'user',
    retry: 'never',
  }),
  SYNC_REBASE_AND_RESET_FAILED: define<UnackedRecovery<'sync_rebase_and_reset_failed'>>({
    status: 409,
    title: 'The worktree is still divergent',
    message: (d) =>
      `Neither a rebase nor a reset brought the worktree in step with the branch on GitHub; the question \`${d.decision_id}\` about it is open. The plan was not read.`,
    hint: (d) => `Answer the question \`${d.decision_id}\`; docs/recovery.md says what can be done by hand.`,
    audience: 'user',
    retry: 'after_fix',
  }),
} as const
