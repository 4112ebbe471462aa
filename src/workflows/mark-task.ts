// A mark an agent puts on a task of its pipeline's contract. The last mark counts.

import { update } from '../domain/changes.ts'
import { keptLine } from '../domain/text/door.ts'
import { denied, done, type DoorWork } from './admit-door-request.ts'
import { refreshStatus } from './present-session.ts'

/** Marks the task; a mark that is there already changes nothing. */
export const markTask: DoorWork<'task'> = async (deps, { context, pipeline }, { taskId, status, note }) => {
  const id = `${pipeline.id}/${taskId}`
  const task = await deps.store.find('contractTasks', { id, pipelineId: pipeline.id })
  if (task === null) return denied('unknown_task')
  if (task.status === 'dropped') return denied('dropped_task')
  const mark = { status, note: keptLine(note) }
  if (task.status === mark.status && task.note === mark.note) return done([])
  const set = { ...mark, updatedAt: deps.clock.now() }
  return done([update('contractTasks', { where: { id }, set }), refreshStatus(deps, context)])
}
