// One event in its lane. Each kind has its own file when it takes more than a few lines.

import { assertNever } from '../domain/assert-never.ts'
import type { Change } from '../domain/changes.ts'
import type { LaneEvent } from '../domain/events.ts'
import { handleBranchPush } from './handle-branch-push.ts'
import type { Deps, JobHandler } from './deps.ts'
import { followRepository, loseAccess } from './follow-access.ts'
import { followPullRequest } from './follow-pull-request.ts'
import { greetMergeGroup } from './greet-merge-group.ts'
import { mayPress } from './may-run-here.ts'
import { noteHumanAct } from './note-human-act.ts'
import { readComment } from './read-comment.ts'

/** Handles an event from GitHub. */
export const handleEvent: JobHandler<'handle_event'> = async (deps, { event }, lane) => {
  switch (event.kind) {
    case 'comment_written':
      return [
        ...(await readComment(deps, { event, laneKey: lane.key })),
        ...(await noteHumanAct(deps, event)),
      ]
    case 'button_pressed':
      return pressButton(deps, event, lane.key)
    case 'branch_pushed':
      return handleBranchPush(deps, event, lane)
    case 'pull_request_changed':
      return changePullRequest(deps, event)
    case 'merge_group_requested':
      return greetMergeGroup(deps, event)
    case 'repository_changed':
      return followRepository(deps, event, lane)
    case 'access_lost':
      return loseAccess(deps, event, lane)
    default:
      return assertNever(event)
  }
}

async function pressButton(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'button_pressed' }>,
  laneKey: string,
): Promise<readonly Change[]> {
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null || event.sender.isBot) return []
  if (!(await mayPress(deps, { project, login: event.sender.login, optionId: event.optionId }))) return []
  const { externalId: decisionId, optionId: answer } = event
  return [
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `button:${project.id}:${decisionId}:${answer}:${event.sender.login}:${deps.ids.random(6)}`,
      job: {
        kind: 'answer_decision',
        projectId: project.id,
        decisionId,
        answer,
        actor: event.sender.login,
        via: 'button',
        source: null,
      },
      runAt: deps.clock.now(),
    },
  ]
}

async function changePullRequest(
  deps: Deps,
  event: Extract<LaneEvent, { readonly kind: 'pull_request_changed' }>,
): Promise<readonly Change[]> {
  const { pullRequest: observed } = event
  const project = await deps.store.find('projects', { repositoryId: event.repository.repositoryId })
  if (project === null) return []
  const known = await deps.store.find('pullRequests', { projectId: project.id, number: observed.number })
  return known === null ? [] : followPullRequest(deps, { project, known, observed, by: event.sender })
}
