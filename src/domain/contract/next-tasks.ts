// Turns a new reading of a plan and what is stored of the earlier ones into the tasks of the contract. Knows no storage.

import type { ContractTask } from '../pipeline/records.ts'
import type { ParsedPlan, PlanTask } from './plan.ts'

/** Whose contract it is, and when the plan was read. */
export interface ReadingFacts {
  readonly pipelineId: string
  readonly sessionId: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The tasks of a contract after a reading. */
export interface NextTasks {
  /** Every task there ever was: those of the plan in its order, then the dropped ones as they were stored. */
  readonly rows: readonly ContractTask[]
  /** Those of the rows that are new or differ from what is stored. */
  readonly toWrite: readonly ContractTask[]
  /** Whether the plan holds something else than at its last reading. */
  readonly changed: boolean
}

/**
 * Returns the tasks of a contract after a reading. No row vanishes.
 *
 * A task keeps what the agent said of it as long as its id stays in the plan. One that is gone is dropped with its last
 * words; one that comes back begins anew. A row that did not change is the stored one, also as an object.
 */
export function nextTasks(
  plan: Extract<ParsedPlan, { readonly kind: 'plan' }>,
  stored: readonly ContractTask[],
  facts: ReadingFacts,
): NextTasks {
  const storedById = new Map(stored.map((row) => [row.taskId, row]))
  const planned = plan.tasks.map((task, position) =>
    plannedRow({ task, position, before: storedById.get(task.id), facts }),
  )
  const ids = new Set(plan.tasks.map(({ id }) => id))
  const gone = stored.filter(({ taskId }) => !ids.has(taskId)).map((row) => droppedRow(row, facts.now))
  const rows = [...planned, ...gone]
  const toWrite = rows.filter((row) => storedById.get(row.taskId) !== row)
  return { rows, toWrite, changed: toWrite.length > 0 }
}

function plannedRow(from: {
  readonly task: PlanTask
  readonly position: number
  readonly before: ContractTask | undefined
  readonly facts: ReadingFacts
}): ContractTask {
  const { task, position, before, facts } = from
  const isKept = before !== undefined && before.status !== 'dropped'
  if (isKept && isAsStored(before, task, position)) return before
  return {
    id: `${facts.pipelineId}/${task.id}`,
    pipelineId: facts.pipelineId,
    sessionId: facts.sessionId,
    taskId: task.id,
    position,
    title: task.title,
    acceptance: task.acceptance,
    dependsOn: task.dependsOn,
    status: isKept ? before.status : 'todo',
    note: isKept ? before.note : '',
    updatedAt: facts.now,
  }
}

function isAsStored(row: ContractTask, task: PlanTask, position: number): boolean {
  return (
    row.position === position &&
    row.title === task.title &&
    row.dependsOn === task.dependsOn &&
    row.acceptance.length === task.acceptance.length &&
    row.acceptance.every((criterion, at) => criterion === task.acceptance[at])
  )
}

function droppedRow(row: ContractTask, now: number): ContractTask {
  return row.status === 'dropped' ? row : { ...row, status: 'dropped', updatedAt: now }
}
