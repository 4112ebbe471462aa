// What an agent asked for through its door: admitted, or logged as denied, and then done by its verb.

import { assertNever } from '../domain/assert-never.ts'
import type { Change } from '../domain/changes.ts'
import type { DoorRequestReport } from '../domain/session/attempt.ts'
import type { DoorRequest } from '../domain/session/door.ts'
import { admitDoorRequest, denied, type AdmittedRequest, type DoorOutcome } from './admit-door-request.ts'
import { answerThread } from './answer-thread.ts'
import type { Deps, JobHandler } from './deps.ts'
import { markTask } from './mark-task.ts'
import { noteQuestion } from './note-question.ts'
import { passAlertOn } from './pass-alert-on.ts'

/** Does what was asked for. A request that may not be done, or not any more, is logged: the agent may be gone by now. */
export const handleDoorRequest: JobHandler<'door_request'> = (deps, { report }) => requested(deps, report)

/**
 * Keeps a question at once, before the agent is told so, and not as a job: a job that had to be tried again could come
 * after the end of the attempt, when nobody asks any more.
 */
export async function keepQuestion(deps: Deps, report: DoorRequestReport): Promise<void> {
  await deps.store.commit(await requested(deps, report), null)
}

async function requested(deps: Deps, report: DoorRequestReport): Promise<readonly Change[]> {
  const admitted = await admitDoorRequest(deps, report)
  const outcome =
    typeof admitted === 'string' ? denied(admitted) : await doRequest(deps, admitted, report.request)
  if (outcome.kind === 'done') return outcome.changes
  const { sessionId, attemptId, requestId, request } = report
  const fields = { sessionId, attemptId, requestId, verb: request.verb, refusal: outcome.because }
  deps.log.warn(fields, 'door_request_refused')
  return []
}

function doRequest(
  deps: Deps,
  admitted: AdmittedRequest,
  request: DoorRequest,
): DoorOutcome | Promise<DoorOutcome> {
  switch (request.verb) {
    case 'reply':
    case 'resolve':
      return answerThread(deps, admitted, request)
    case 'task':
      return markTask(deps, admitted, request)
    case 'alert':
      return passAlertOn(deps, admitted, request)
    case 'ask':
      return noteQuestion(admitted, request)
    default:
      return assertNever(request)
  }
}
