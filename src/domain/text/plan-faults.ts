// What people read when a plan can not become a contract. Sentences about faults quote the plan, shortened; the two
// functions at the end make Markdown of them. Says only what is known to have happened.

import { assertNever } from '../assert-never.ts'
import type { YamlFault } from '../config/guarded-yaml.ts'
import { PLAN_LIMITS } from '../contract/limits.ts'
import type { PlanFault } from '../contract/plan.ts'
import type { ContractDetails } from '../decision/details.ts'
import { didYouMeanText, quote } from './config-faults.ts'
import { blocks, clip, escapeText, inlineCode, oneLine } from './markdown.ts'
import { yamlFaultText } from './yaml-faults.ts'

const LISTED_FAULTS = 20
const LISTED_MEMBERS = 10
const MESSAGE_LENGTH = 600
const PATH_LENGTH = 200
const SHAPES = {
  'the list of tasks': 'a list of tasks',
  'a task': 'a mapping with id and title',
  id: 'a text',
  title: 'a text',
  acceptance: 'a text or a list of texts',
  depends_on: 'the id of one task',
} as const

/** Fixed sentences about plans. */
export const PLAN_TEXT = {
  tooLarge: 'The plan is larger than 1 MiB and was not read.',
  tooDeep:
    'The block is nested too deeply or holds more than 500 opening brackets, and was not read. Split it into several blocks.',
  tooMuchMarkdown:
    'The plan is too large or too tangled to be read as Markdown. Write its tasks in a block `yaml tasks`.',
  misplacedBlock:
    'A block `yaml tasks` begins here inside a quote, a list or indented text, where it is not read. Move it to the beginning of the line.',
  tooManyTasks: `A plan holds at most ${PLAN_LIMITS.tasks} tasks, and this one has more; the first one too many stands here.`,
  emptyTask: 'This task has no title.',
  moreFaults: `The plan has more faults than these ${PLAN_LIMITS.faults}; the others are not listed.`,
} as const

/** Says what YAML itself has against a block. */
export function yamlText({ kind, reason }: Pick<YamlFault, 'kind' | 'reason'>): string {
  if (kind === 'too_deep') return PLAN_TEXT.tooDeep
  const { message, hint } = yamlFaultText(kind, reason, 'block')
  return sentences(message, hint ?? yamlHint(kind, reason))
}

function yamlHint(kind: YamlFault['kind'], reason: string): string | undefined {
  if (kind === 'too_large') return 'Split it into several blocks.'
  // What the parser says of `title: Fix: the parser`.
  return /^nested mappings/iu.test(reason) ? 'A text with a colon and a space in it needs quotes.' : undefined
}

/** Says which shape belongs here, and which one was found. */
export function wrongShapeText(
  what: keyof typeof SHAPES,
  found: 'nothing' | 'text' | 'list' | 'mapping',
): string {
  return `This must be ${SHAPES[what]}, but it is ${found === 'nothing' ? 'empty' : `a ${found}`}.`
}

/** Says that a key of a task is not known. */
export function unknownKey(key: string, meant: string | null): string {
  const known = 'Known are id, title, acceptance and depends_on.'
  return `${quote(key)} is not a key of a task. ${meant === null ? known : didYouMeanText(meant)}`
}

/** Says that a task lacks a key. */
export function missingKey(key: 'id' | 'title'): string {
  return `This task has no ${key}.`
}

/** Says that nothing stands where a text must be. */
export function emptyText(key: string): string {
  return `The text of ${key} is empty.`
}

/** Says how an id must look. */
export function badIdText(id: string): string {
  return `${quote(id)} can not be an id: it must be lower-case letters, digits, dots, dashes and underscores, begin with a letter or a digit, and have at most ${PLAN_LIMITS.id} characters.`
}

/** Says that an id was given before. */
export function repeatedIdText(id: string, firstLine: number): string {
  return `The id ${quote(id)} is that of the task in line ${firstLine} already.`
}

/** Says that a dependency does not exist. */
export function unknownDependencyText(id: string, meant: string | null): string {
  return sentences(
    `There is no task ${quote(id)} to depend on.`,
    meant === null ? undefined : didYouMeanText(meant),
  )
}

/** Says that a task depends on more than one. */
export function severalDependenciesText(amount: number): string {
  return `A task depends on at most one other task, and this one names ${amount}. Keep the one that must be done last.`
}

/** Says that a task depends on itself. */
export function selfDependencyText(id: string): string {
  return `The task ${quote(id)} depends on itself.`
}

/** Names the tasks that wait for each other, each before the one it depends on. */
export function cycleText(ids: readonly string[]): string {
  const named = ids.slice(0, LISTED_MEMBERS).map(quote)
  const rest = ids.length - named.length
  const way = rest > 0 ? [...named, `${rest} more`] : [...named, quote(ids[0] ?? '')]
  return `These tasks wait for each other, so none could begin: ${way.join(' depends on ')}.`
}

/** Says that a title is too long. */
export function longTitleText(title: string): string {
  return `The title ${quote(title)} has more than ${PLAN_LIMITS.title} characters.`
}

/** Says that a criterion is too long. */
export function longCriterionText(criterion: string): string {
  return `The acceptance criterion ${quote(criterion)} has more than ${PLAN_LIMITS.criterion} characters.`
}

/** Says that a task has too many criteria. */
export function tooManyCriteriaText(amount: number): string {
  return `A task has at most ${PLAN_LIMITS.criteria} acceptance criteria, and this one has ${amount}; the first one too many stands here.`
}

/** Returns the faults of a plan as a Markdown list that names its lines. */
export function planFaultLines(path: string, faults: readonly PlanFault[]): string {
  const shown = faults
    .slice(0, LISTED_FAULTS)
    .map(({ line, message }) => `- Line ${line}: ${escapeText(clip(message, MESSAGE_LENGTH))}`)
  const rest = faults.length - shown.length
  return blocks(
    `What is wrong in ${pathCode(path)}:`,
    [...shown, ...(rest > 0 ? [`- And ${rest} more.`] : [])].join('\n'),
  )
}

/** Says in Markdown why there is no task to work on. Names no cause: what made the plan so is not known here. */
export function emptyContractWords(reason: ContractDetails['reason'], path: string): string {
  return whyEmpty(reason, { plan: pathCode(path), block: inlineCode('yaml tasks') })
}

/** Says the same as plain text on one line; whoever puts it on a page escapes it. */
export function emptyContractLine(reason: ContractDetails['reason'], path: string): string {
  return whyEmpty(reason, { plan: clip(oneLine(path), PATH_LENGTH), block: '"yaml tasks"' })
}

function whyEmpty(
  reason: ContractDetails['reason'],
  { plan, block }: { readonly plan: string; readonly block: string },
): string {
  switch (reason) {
    case 'draft_missing':
      return `There is no plan: no ordinary file of at most 1 MiB is at ${plan}.`
    case 'parse_failed':
      return `The plan ${plan} was found, and its tasks can not be read.`
    case 'empty_result':
      return `The plan ${plan} was found and reads well, and it holds no task: neither a block ${block} with one, nor a task list.`
    default:
      return assertNever(reason)
  }
}

function pathCode(path: string): string {
  return inlineCode(clip(path, PATH_LENGTH))
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ')
}
