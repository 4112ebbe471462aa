// Job to handler, one line each: the table of contents of what Belay does.

import type { Change, Job } from '../domain/changes.ts'
import { actOnAnswer } from './act-on-answer.ts'
import { announceFailure } from './announce-failure.ts'
import { answerDecision } from './answer-decision.ts'
import { attendDecision } from './attend-decision.ts'
import { cancelDecision } from './cancel-decision.ts'
import { handleCollectNews } from './collect-news.ts'
import { handleConcludePhase } from './conclude-phase.ts'
import type { Deps, JobHandler, JobLane } from './deps.ts'
import { expireBackup } from './expire-backups.ts'
import { finishAttempt } from './finish-attempt.ts'
import { freeSession } from './free-session.ts'
import { handleDoorRequest } from './handle-door-request.ts'
import { handleEvent } from './handle-event.ts'
import { handleReport } from './handle-report.ts'
import { oversee } from './oversee.ts'
import { populateContract } from './populate-contract.ts'
import { prepareWorkspace } from './prepare-workspace.ts'
import { handleRefreshStatus } from './present-session.ts'
import { reconcile } from './reconcile.ts'
import { recoverSession } from './recover-session.ts'
import { respond } from './respond.ts'
import { restartPhase } from './restart-phase.ts'
import { finishReview, startReview } from './review.ts'
import { rescueBackup } from './rescue-backup.ts'
import { rescueCommits } from './rescue-commits.ts'
import { runCommand } from './run-command.ts'
import { startPhase } from './start-phase.ts'
import { syncSession } from './sync-session.ts'

const HANDLERS: { readonly [K in Job['kind']]: JobHandler<K> } = {
  handle_event: handleEvent,
  handle_report: handleReport,
  door_request: handleDoorRequest,
  run_command: runCommand,
  prepare_workspace: prepareWorkspace,
  start_phase: startPhase,
  finish_attempt: finishAttempt,
  sync_session: syncSession,
  announce_failure: announceFailure,
  answer_decision: answerDecision,
  act_on_answer: actOnAnswer,
  rescue_commits: rescueCommits,
  rescue_backup: rescueBackup,
  expire_backup: expireBackup,
  recover_session: recoverSession,
  free_session: freeSession,
  reconcile,
  collect_news: handleCollectNews,
  respond,
  start_review: startReview,
  finish_review: finishReview,
  conclude_phase: handleConcludePhase,
  populate_contract: populateContract,
  restart_phase: restartPhase,
  cancel_decision: cancelDecision,
  attend_decision: attendDecision,
  oversee,
  refresh_status: handleRefreshStatus,
}

/** Runs a job's handler and returns the changes that finish the job. */
export function runJob<K extends Job['kind']>(
  deps: Deps,
  job: Extract<Job, { readonly kind: K }>,
  lane: JobLane,
): Promise<readonly Change[]> {
  return HANDLERS[job.kind](deps, job, lane)
}
