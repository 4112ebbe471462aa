// Compares the tasks of a plan with each other and with the limits: ids, texts, and dependencies that form a forest.
// Knows nothing of how the plan was written.

import { closestWord } from '../closest-word.ts'
import * as words from '../text/plan-faults.ts'
import type { DraftPlan, DraftTask, PlanText } from './draft.ts'
import { isLonger, isTaskId, PLAN_LIMITS } from './limits.ts'
import type { PlanFault, PlanTask } from './plan.ts'

/** What comparing gives; the tasks count only when there is no fault, here or before. */
export interface CheckedTasks {
  readonly tasks: readonly PlanTask[]
  readonly faults: readonly PlanFault[]
}

/** Checks everything at once. Tasks beyond the limit are only known to exist. */
export function checkTasks(plan: DraftPlan): CheckedTasks {
  const { tasks: drafts } = plan
  const looked = drafts.slice(0, PLAN_LIMITS.tasks)
  const faults = [
    ...tooMany(drafts),
    ...looked.flatMap(textFaults),
    ...repeatedIds(looked),
    ...dependencyFaults(looked, plan),
    ...cycleFaults(looked),
  ]
  return { tasks: looked.flatMap(toTask), faults }
}

function toTask({ id, title, acceptance, dependsOn, line }: DraftTask): readonly PlanTask[] {
  if (id === null || title === null) return []
  const criteria = acceptance.map(({ text }) => text)
  return [
    { id: id.text, title: title.text, acceptance: criteria, dependsOn: dependsOn[0]?.text ?? null, line },
  ]
}

function tooMany(drafts: readonly DraftTask[]): readonly PlanFault[] {
  const first = drafts[PLAN_LIMITS.tasks]
  return first === undefined ? [] : [{ line: first.line, message: words.PLAN_TEXT.tooManyTasks }]
}

function textFaults({ id, title, acceptance }: DraftTask): readonly PlanFault[] {
  const faults: PlanFault[] = []
  if (id !== null && !isTaskId(id.text)) faults.push({ line: id.line, message: words.badIdText(id.text) })
  if (title !== null && isLonger(title.text, PLAN_LIMITS.title))
    faults.push({ line: title.line, message: words.longTitleText(title.text) })
  for (const { text, line } of acceptance.slice(0, PLAN_LIMITS.criteria))
    if (isLonger(text, PLAN_LIMITS.criterion)) faults.push({ line, message: words.longCriterionText(text) })
  const first = acceptance[PLAN_LIMITS.criteria]
  if (first !== undefined)
    faults.push({ line: first.line, message: words.tooManyCriteriaText(acceptance.length) })
  return faults
}

function repeatedIds(tasks: readonly DraftTask[]): readonly PlanFault[] {
  const first = new Map<string, number>()
  return tasks.flatMap(({ id }) => {
    if (id === null) return []
    const line = first.get(id.text)
    if (line !== undefined) return [{ line: id.line, message: words.repeatedIdText(id.text, line) }]
    first.set(id.text, id.line)
    return []
  })
}

/** Where tasks may be missing, a dependency that is not found is no fault: it could be on one of them. */
function dependencyFaults(looked: readonly DraftTask[], plan: DraftPlan): readonly PlanFault[] {
  const ids = new Set(plan.tasks.flatMap(({ id }) => id?.text ?? []))
  const candidates = looked.flatMap(({ id }) => id?.text ?? [])
  const faultOf = (task: DraftTask, { text, line }: PlanText): readonly PlanFault[] => {
    if (text === task.id?.text) return [{ line, message: words.selfDependencyText(text) }]
    if (ids.has(text) || !plan.isWhole) return []
    return [{ line, message: words.unknownDependencyText(text, closestWord(text, candidates)) }]
  }
  return looked.flatMap((task) => {
    const [, second] = task.dependsOn
    const named = task.dependsOn.slice(0, PLAN_LIMITS.tasks)
    const several =
      second === undefined
        ? []
        : [{ line: second.line, message: words.severalDependenciesText(task.dependsOn.length) }]
    return [...several, ...named.flatMap((each) => faultOf(task, each))]
  })
}

/** Every task has at most one way up, so each cycle is met once; where several are named, the first one counts. */
function cycleFaults(tasks: readonly DraftTask[]): readonly PlanFault[] {
  const byId = new Map<string, DraftTask>()
  for (const task of tasks) if (task.id !== null && !byId.has(task.id.text)) byId.set(task.id.text, task)
  const done = new Set<DraftTask>()
  return tasks.flatMap((start) => {
    const way: DraftTask[] = []
    const onWay = new Set<DraftTask>()
    let task: DraftTask | undefined = start
    while (task !== undefined && !done.has(task) && !onWay.has(task)) {
      way.push(task)
      onWay.add(task)
      task = byId.get(task.dependsOn[0]?.text ?? '')
    }
    for (const each of way) done.add(each)
    const members = task !== undefined && onWay.has(task) ? way.slice(way.indexOf(task)) : []
    return members.length < 2 ? [] : [cycleFault(members)]
  })
}

function cycleFault(members: readonly DraftTask[]): PlanFault {
  const line = Math.min(...members.map((task) => task.line))
  const first = members.findIndex((task) => task.line === line)
  const inOrder = [...members.slice(first), ...members.slice(0, first)]
  return { line, message: words.cycleText(inOrder.map(({ id }) => id?.text ?? '')) }
}
