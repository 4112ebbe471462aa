// Reads a plan: the tasks of its blocks `yaml tasks`, or else of its Markdown task lists. Finds everything that is wrong
// at once, each with its line; never throws. Knows neither where the plan came from nor what becomes of the tasks.

import { splitLines } from '../command/paragraph-lines.ts'
import { PLAN_TEXT } from '../text/plan-faults.ts'
import { checkTasks } from './check-tasks.ts'
import type { DraftPlan, DraftTask } from './draft.ts'
import { findTaskBlocks } from './find-task-blocks.ts'
import type { FoundBlocks } from './find-task-blocks.ts'
import { PLAN_LIMITS } from './limits.ts'
import type { ParsedPlan, PlanFault } from './plan.ts'
import { readTaskBlock } from './read-task-block.ts'
import { readTaskLists } from './read-task-lists.ts'

/** Reads the text of a plan. A block that is there counts, also when it is wrong: then no list is read instead. */
export function parsePlan(text: string): ParsedPlan {
  if (text.length > PLAN_LIMITS.text) return faulty([{ line: 1, message: PLAN_TEXT.tooLarge }])
  const plain = text.replace(/^\uFEFF/u, '')
  const found = findTaskBlocks(splitLines(plain))
  const hasBlock = found.blocks.length + found.misplaced.length > 0
  const draft = hasBlock ? readTaskBlocks(found) : readTaskLists(plain)
  const { tasks, faults } = checkTasks(draft)
  if (draft.faults.length + faults.length > 0) return faulty([...draft.faults, ...faults])
  return tasks.length === 0 ? { kind: 'empty' } : { kind: 'plan', tasks }
}

/** Stops where more is known than is used: what comes behind it would cost time and be seen by nobody. */
function readTaskBlocks({ blocks, misplaced }: FoundBlocks): DraftPlan {
  const faults: PlanFault[] = misplaced.map((line) => ({ line, message: PLAN_TEXT.misplacedBlock }))
  const tasks: DraftTask[] = []
  let isWhole = misplaced.length === 0
  for (const block of blocks) {
    const isEnough = tasks.length > PLAN_LIMITS.tasks || faults.length > PLAN_LIMITS.faults
    if (isEnough) return { tasks, faults, isWhole: false }
    const read = readTaskBlock(block)
    tasks.push(...read.tasks)
    faults.push(...read.faults)
    isWhole &&= read.isWhole
  }
  return { tasks, faults, isWhole }
}

function faulty(faults: readonly PlanFault[]): ParsedPlan {
  const sorted = faults.toSorted((one, other) => one.line - other.line)
  const next = sorted[PLAN_LIMITS.faults]
  if (next === undefined) return { kind: 'faulty', faults: sorted }
  const listed = sorted.slice(0, PLAN_LIMITS.faults)
  return { kind: 'faulty', faults: [...listed, { line: next.line, message: PLAN_TEXT.moreFaults }] }
}
