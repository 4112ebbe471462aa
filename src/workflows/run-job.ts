// Job to handler, one line each: the table of contents of what Belay does.

import { assertNever } from '../domain/assert-never.ts'
import type { Change, Job } from '../domain/changes.ts'
import { actOnAnswer } from './act-on-answer.ts'
import { announceFailure } from './announce-failure.ts'
import { answerDecision } from './answer-decision.ts'
import { handleCollectNews } from './collect-news.ts'
import type { Deps, JobLane } from './deps.ts'
import { expireBackup } from './expire-backups.ts'
import { finishAttempt } from './finish-attempt.ts'
import { freeSession } from './free-session.ts'
import { handleDoorRequest } from './handle-door-request.ts'
import { handleEvent } from './handle-event.ts'
import { handleReport } from './handle-report.ts'
import { prepareWorkspace } from './prepare-workspace.ts'
import { handleRefreshStatus } from './present-session.ts'
import { reconcile } from './reconcile.ts'
import { recoverSession } from './recover-session.ts'
import { respond } from './respond.ts'
import { rescueBackup } from './rescue-backup.ts'
import { rescueCommits } from './rescue-commits.ts'
import { runCommand } from './run-command.ts'
import { startPhase } from './start-phase.ts'
import { syncSession } from './sync-session.ts'

/** Runs a job's handler and returns the changes that finish the job. */
export function runJob(deps: Deps, job: Job, lane: JobLane): Promise<readonly Change[]> {
  switch (job.kind) {
    case 'handle_event':
      return handleEvent(deps, job, lane)
    case 'handle_report':
      return handleReport(deps, job, lane)
    case 'door_request':
      return handleDoorRequest(deps, job, lane)
    case 'run_command':
      return runCommand(deps, job, lane)
    case 'prepare_workspace':
      return prepareWorkspace(deps, job, lane)
    case 'start_phase':
      return startPhase(deps, job, lane)
    case 'finish_attempt':
      return finishAttempt(deps, job, lane)
    case 'sync_session':
      return syncSession(deps, job, lane)
    case 'announce_failure':
      return announceFailure(deps, job, lane)
    case 'answer_decision':
      return answerDecision(deps, job, lane)
    case 'act_on_answer':
      return actOnAnswer(deps, job, lane)
    case 'rescue_commits':
      return rescueCommits(deps, job, lane)
    case 'rescue_backup':
      return rescueBackup(deps, job, lane)
    case 'expire_backup':
      return expireBackup(deps, job, lane)
    case 'recover_session':
      return recoverSession(deps, job, lane)
    case 'free_session':
      return freeSession(deps, job, lane)
    case 'reconcile':
      return reconcile(deps, job, lane)
    case 'collect_news':
      return handleCollectNews(deps, job, lane)
    case 'respond':
      return respond(deps, job, lane)
    case 'refresh_status':
      return handleRefreshStatus(deps, job, lane)
    default:
      return assertNever(job)
  }
}
