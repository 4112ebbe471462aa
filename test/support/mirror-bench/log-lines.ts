// Rows of the change log as the lines in which the expectation is written. Knows both ways to write, and no law.

import type { ChangeLogRow } from '../database-reader.ts'

type Payload = ChangeLogRow['payload']
interface OldAndNew {
  readonly old: unknown
  readonly new: unknown
}
export type Changed = Readonly<Record<string, OldAndNew>>

const STATE_FIELDS = new Set(['mergeability', 'review_decision', 'is_in_merge_queue', 'has_auto_merge'])

/** Returns the line of a row about a list or the state; null for a row about something else. */
export function toLine({ type, payload }: ChangeLogRow): string | null {
  const id = subjectOf(type, payload)
  if (type === 'pr_updated') return toStateLine(payload)
  if (id === null) return null
  switch (type) {
    case 'pr_review_comment_edited':
      return `${type} ${id} body=${String(payload['bodyChanged'])} minimized=${String(payload['minimizedChanged'])}`
    case 'pr_review_added':
      return `${type} ${id} ${String(payload['state'])}`
    case 'pr_review_edited':
      return `${type} ${id} ${String(payload['oldState'])}>${String(payload['state'])}`
    case 'pr_check_recorded':
      return `${type} ${id} ${String(payload['headSha'])} ${String(payload['status'])} ${String(payload['conclusion'])}`
    case 'pr_check_removed':
      return `${type} ${id} ${String(payload['headSha'])}`
    default:
      return `${type} ${id}`
  }
}

/** Returns what a row says of the pull request's own row; null for any other row. */
export function toRowChange({ type, payload }: ChangeLogRow): Changed | null {
  if (type !== 'pr_updated') return null
  const changed = payload['changed'] as Changed
  return Object.keys(changed).some((field) => STATE_FIELDS.has(field)) ? null : changed
}

function toStateLine(payload: Payload): string | null {
  const changed = payload['changed'] as Changed
  const fields = Object.keys(changed).toSorted()
  if (!fields.some((field) => STATE_FIELDS.has(field))) return null
  const words = fields.map(
    (field) => `${field}:${String(changed[field]?.old)}>${String(changed[field]?.new)}`,
  )
  return `pr_updated ${words.join(' ')}`
}

function subjectOf(type: string, payload: Payload): string | null {
  const kind = /^pr_(?:review_(thread|comment)|(review|check))_/.exec(type)
  const name = kind?.[1] ?? kind?.[2]
  return name === undefined ? null : String(payload[name])
}
