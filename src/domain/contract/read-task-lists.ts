// Reads the task lists of a plan that is plain Markdown: each `- [ ]` is a task, the plain bullets below it are its
// acceptance criteria, a task below a task waits for it. Knows no YAML.

import type { List, ListItem, Paragraph, PhrasingContent } from 'mdast'

import { PLAN_TEXT } from '../text/plan-faults.ts'
import { parseMarkdown } from '../text/parse-markdown.ts'
import { plainLine } from './draft.ts'
import type { DraftPlan, PlanText } from './draft.ts'
import { inlineText, readTaskHead } from './task-head.ts'
import { nameTasks } from './task-slug.ts'
import type { PlanFault } from './plan.ts'

/** A task of a list; it may still be without an id. */
interface ListedTask {
  readonly line: number
  readonly id: string | null
  readonly title: string
  readonly acceptance: readonly PlanText[]
  /** Place of the task it stands below. */
  readonly parent: number | null
}

interface Walk {
  readonly tasks: (ListedTask & { readonly acceptance: PlanText[] })[]
  readonly faults: PlanFault[]
}

/** Returns the tasks of all lists outside of quotes; they name each other by ids made from their titles if need be. */
export function readTaskLists(text: string): DraftPlan {
  const root = parseMarkdown(text)
  if (root === null)
    return { tasks: [], faults: [{ line: 1, message: PLAN_TEXT.tooMuchMarkdown }], isWhole: false }
  const walk: Walk = { tasks: [], faults: [] }
  for (const node of root.children) if (node.type === 'list') readList(walk, node, null)
  const ids = nameTasks(walk.tasks)
  const tasks = walk.tasks.map(({ line, title, acceptance, parent }, at) => ({
    line,
    id: { text: ids[at] ?? '', line },
    title: title === '' ? null : { text: title, line },
    acceptance,
    dependsOn: parent === null ? [] : [{ text: ids[parent] ?? '', line }],
  }))
  return { tasks, faults: walk.faults, isWhole: true }
}

function readList(walk: Walk, list: List, parent: number | null): void {
  for (const item of list.children) {
    if (typeof item.checked === 'boolean') readTask(walk, item, parent)
    else readBullet(walk, item, parent)
  }
}

function readTask(walk: Walk, item: ListItem, parent: number | null): void {
  const line = lineOf(item)
  const { id, title } = readTaskHead(firstParagraph(item))
  if (title === '') walk.faults.push({ line, message: PLAN_TEXT.emptyTask })
  walk.tasks.push({ line, id, title, acceptance: [], parent })
  readLists(walk, item, walk.tasks.length - 1)
}

/** A bullet with tasks below it is their heading, not a criterion. */
function readBullet(walk: Walk, item: ListItem, parent: number | null): void {
  const line = lineOf(item)
  const text = plainLine(inlineText(firstParagraph(item)))
  if (isEmptyBox(item, text)) walk.faults.push({ line, message: PLAN_TEXT.emptyTask })
  const owner = parent === null ? undefined : walk.tasks[parent]
  const before = { tasks: walk.tasks.length, criteria: owner?.acceptance.length ?? 0 }
  readLists(walk, item, parent)
  if (walk.tasks.length === before.tasks && text !== '')
    owner?.acceptance.splice(before.criteria, 0, { text, line })
}

function readLists(walk: Walk, item: ListItem, parent: number | null): void {
  for (const child of item.children) if (child.type === 'list') readList(walk, child, parent)
}

/** Markdown sees no box where nothing follows it. A text that only looks like one was escaped, and so is longer. */
function isEmptyBox({ children: [first] }: ListItem, text: string): boolean {
  const { start, end } = first?.position ?? {}
  return /^\[[ xX]?\]$/u.test(text) && (end?.offset ?? 0) - (start?.offset ?? 0) === text.length
}

function firstParagraph(item: ListItem): readonly PhrasingContent[] {
  const paragraph = item.children.find((child): child is Paragraph => child.type === 'paragraph')
  return paragraph?.children ?? []
}

function lineOf(item: ListItem): number {
  return item.position?.start.line ?? 1
}
