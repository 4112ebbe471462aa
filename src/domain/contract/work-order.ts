// Puts the tasks of a contract into the order they can be worked on. Knows no words for them.

import type { ContractTask } from '../pipeline/records.ts'

type Ordered = Pick<ContractTask, 'taskId' | 'position' | 'dependsOn' | 'status'>

/** One task and how many others must be done before it. */
export interface PlacedTask<T> {
  readonly task: T
  readonly depth: number
}

/**
 * Returns the tasks that are in the plan, each behind the one it depends on and otherwise as the plan has them.
 *
 * Invariant: none is left out, whatever is stored; one whose way up leads nowhere stands for itself.
 */
export function inWorkOrder<T extends Ordered>(tasks: readonly T[]): readonly PlacedTask<T>[] {
  const planned = tasks
    .filter(({ status }) => status !== 'dropped')
    .toSorted((a, b) => a.position - b.position)
  const ids = new Set(planned.map(({ taskId }) => taskId))
  const below = new Map<string | null, T[]>()
  for (const task of planned) {
    const above = task.dependsOn !== null && ids.has(task.dependsOn) ? task.dependsOn : null
    const siblings = below.get(above)
    if (siblings === undefined) below.set(above, [task])
    else siblings.push(task)
  }
  const placed: PlacedTask<T>[] = []
  const seen = new Set<T>()
  const place = (task: T, depth: number): void => {
    if (seen.has(task)) return
    seen.add(task)
    placed.push({ task, depth })
    for (const child of below.get(task.taskId) ?? []) place(child, depth + 1)
  }
  for (const root of below.get(null) ?? []) place(root, 0)
  for (const task of planned) place(task, 0)
  return placed
}
