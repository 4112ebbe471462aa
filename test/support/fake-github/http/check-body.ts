// The body of a check run as apps write it, with GitHub's limits.
import type { CheckAction, CheckAnnotation, CheckRunFields } from '../check-runs.ts'
import { invalid } from './answer.ts'
import { isObject, longestText, optionalList, optionalText, requiredText } from './request-body.ts'
import type { JsonObject } from './request-body.ts'

const mostActions = 3
const longest = { label: 20, description: 40, identifier: 20 } as const
const annotationLevels = ['notice', 'warning', 'failure'] as const
const statuses = ['queued', 'in_progress', 'completed'] as const
const conclusions = [
  'action_required',
  'cancelled',
  'failure',
  'neutral',
  'success',
  'skipped',
  'stale',
  'timed_out',
]

/** Returns the fields of a check run that a body sets; a 422 for what GitHub refuses. */
export function decodeCheckFields(body: JsonObject): Partial<CheckRunFields> {
  const status = decodeStatus(body)
  const conclusion = optionalText(body, 'conclusion')
  if (conclusion !== undefined && !conclusions.includes(conclusion))
    throw invalid(`No conclusion is "${conclusion}".`)
  if (status === 'completed' && conclusion === undefined)
    throw invalid('A completed check run needs a conclusion.')
  const text = {
    name: optionalText(body, 'name'),
    externalId: optionalText(body, 'external_id'),
    detailsUrl: optionalText(body, 'details_url'),
    startedAt: optionalText(body, 'started_at'),
    completedAt: optionalText(body, 'completed_at'),
    conclusion,
    status,
  }
  const given = Object.fromEntries(Object.entries(text).filter(([, value]) => value !== undefined))
  return {
    ...given,
    ...(isObject(body['output']) && {
      output: decodeOutput(body['output']),
      annotations: optionalList(body['output'], 'annotations').map(decodeAnnotation),
    }),
    ...(body['actions'] !== undefined && { actions: decodeActions(body) }),
  }
}

function decodeActions(body: JsonObject): readonly CheckAction[] {
  const actions = optionalList(body, 'actions')
  if (actions.length > mostActions) throw invalid(`At most ${mostActions} actions are allowed.`)
  return actions.map(decodeAction)
}

function decodeStatus(body: JsonObject): CheckRunFields['status'] | undefined {
  const text = optionalText(body, 'status')
  const status = statuses.find((known) => known === text)
  if (text !== undefined && status === undefined) throw invalid(`No status is "${text}".`)
  return status
}

function decodeOutput(output: JsonObject): CheckRunFields['output'] {
  const title = requiredText(output, 'title')
  const summary = requiredText(output, 'summary')
  const text = optionalText(output, 'text') ?? null
  const isTooLong = [summary, text ?? ''].some((part) => part.length >= longestText)
  if (isTooLong) throw invalid(`Summary and text have fewer than ${longestText} characters.`)
  return { title, summary, text }
}

function decodeAction(value: unknown): CheckAction {
  const body = isObject(value) ? value : {}
  const field = (name: keyof typeof longest): string => {
    const text = requiredText(body, name)
    if (text.length > longest[name])
      throw invalid(`"${name}" is longer than ${longest[name]} characters: ${text}`)
    return text
  }
  return { label: field('label'), description: field('description'), identifier: field('identifier') }
}

function decodeAnnotation(value: unknown): CheckAnnotation {
  const body = isObject(value) ? value : {}
  const level = annotationLevels.find((known) => known === body['annotation_level'])
  const [startLine, endLine] = [Number(body['start_line']), Number(body['end_line'])]
  if (level === undefined || !(startLine > 0) || !(endLine >= startLine))
    throw invalid('An annotation is not valid.')
  return {
    path: requiredText(body, 'path'),
    startLine,
    endLine,
    level,
    message: requiredText(body, 'message'),
    title: optionalText(body, 'title') ?? null,
    rawDetails: optionalText(body, 'raw_details') ?? null,
  }
}
