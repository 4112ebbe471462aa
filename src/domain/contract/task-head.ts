// Takes the first paragraph of a task apart: the id it may begin with, and its title as plain text.

import type { PhrasingContent } from 'mdast'

import { plainLine } from './draft.ts'
import { isTaskId } from './limits.ts'

/** What a task of a list is called. */
export interface TaskHead {
  /** Null when it begins with nothing that could be an id. */
  readonly id: string | null
  /** Empty when nothing is written. */
  readonly title: string
}

/**
 * Returns the head of a task; `**id**:`, `` `id` `` and `[id]` at its beginning are its id, in lower case.
 *
 * What looks like one but can not be an id belongs to the title: people emphasise words, too.
 */
export function readTaskHead(content: readonly PhrasingContent[]): TaskHead {
  const whole = plainLine(inlineText(content))
  const lead = leadOf(content)
  const id = lead?.id.toLowerCase() ?? ''
  if (lead === null || !isTaskId(id)) return { id: null, title: whole }
  return { id, title: plainLine(lead.rest) }
}

interface Lead {
  readonly id: string
  readonly rest: string
}

function leadOf(content: readonly PhrasingContent[]): Lead | null {
  const [first, ...others] = content
  if (first === undefined) return null
  const after = inlineText(others)
  if (first.type === 'inlineCode')
    return { id: first.value, rest: after.replace(/^\s*(?::|[-\u2013]\s)/u, '') }
  if (first.type === 'strong') return strongLead(inlineText(first.children), after)
  const [lead, id = ''] = /^\[([^[\]\s]+)\]:?/u.exec(first.type === 'text' ? first.value : '') ?? []
  return lead === undefined ? null : { id, rest: inlineText(content).slice(lead.length) }
}

function strongLead(strong: string, after: string): Lead | null {
  if (strong.endsWith(':')) return { id: strong.slice(0, -1), rest: after }
  return after.startsWith(':') ? { id: strong, rest: after.slice(1) } : null
}

/** Returns what a reader sees of inline Markdown, without any mark; HTML shows nothing. */
export function inlineText(content: readonly PhrasingContent[]): string {
  return content.map((node) => textOf(node)).join('')
}

function textOf(node: PhrasingContent): string {
  if (node.type === 'text' || node.type === 'inlineCode') return node.value
  if (node.type === 'break') return ' '
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? ''
  return 'children' in node ? inlineText(node.children) : ''
}
