// Triggers of the mirror's tables: each real change of a copy becomes one row of the change log. The words of people are
// not in it; whoever wants them reads the row.

import { anyChanged, changedColumns, changedFrom, jsonBoolean, type TriggerParts } from './trigger-sql.ts'

type Row = 'NEW' | 'OLD'

function sessionOf(row: Row): string {
  return `(SELECT session_id FROM pull_requests WHERE project_id = ${row}.project_id AND number = ${row}.pr_number)`
}

interface MirroredTrigger {
  readonly name: string
  readonly type?: string
  readonly on: string
  readonly row?: Row
  /** Arguments of `json_object` after those that every row has. */
  readonly payload: string
}

function mirrored({ row = 'NEW', payload, ...rest }: MirroredTrigger): TriggerParts {
  return {
    ...rest,
    ids: `${row}.project_id, ${row}.pr_number, ${sessionOf(row)}`,
    payload: `json_object('v', 1, 'project', ${row}.project_id, 'pr', ${row}.pr_number, 'session', ${sessionOf(row)}, ${payload})`,
  }
}

const thread = (row: Row): string =>
  `'thread', ${row}.id, 'path', ${row}.path, 'line', ${row}.line,
    'resolved', ${jsonBoolean(`${row}.is_resolved`)}, 'outdated', ${jsonBoolean(`${row}.is_outdated`)}`

const THREAD_PLACE = ['path', 'line', 'start_line'] as const

const THREADS: readonly MirroredTrigger[] = [
  {
    name: 'pr_review_thread_added',
    on: 'AFTER INSERT ON review_threads',
    payload: thread('NEW'),
  },
  {
    name: 'pr_review_thread_resolved',
    on: 'AFTER UPDATE ON review_threads WHEN NEW.is_resolved AND NOT OLD.is_resolved',
    payload: `${thread('NEW')}, 'resolvedBy', NEW.resolved_by`,
  },
  {
    name: 'pr_review_thread_reopened',
    on: 'AFTER UPDATE ON review_threads WHEN OLD.is_resolved AND NOT NEW.is_resolved',
    payload: thread('NEW'),
  },
  {
    name: 'pr_review_thread_outdated',
    on: 'AFTER UPDATE ON review_threads WHEN NEW.is_outdated AND NOT OLD.is_outdated',
    payload: thread('NEW'),
  },
  {
    name: 'pr_review_thread_current',
    on: 'AFTER UPDATE ON review_threads WHEN OLD.is_outdated AND NOT NEW.is_outdated',
    payload: thread('NEW'),
  },
  {
    name: 'pr_review_thread_moved',
    on: `AFTER UPDATE ON review_threads WHEN ${anyChanged(THREAD_PLACE)}`,
    payload: `${thread('NEW')}, 'changed', ${changedColumns(THREAD_PLACE)}`,
  },
  {
    name: 'pr_review_thread_removed',
    on: 'AFTER DELETE ON review_threads',
    row: 'OLD',
    payload: thread('OLD'),
  },
]

const comment = (row: Row): string =>
  `'thread', ${row}.thread_id, 'comment', ${row}.id, 'author', ${row}.author,
    'bot', ${jsonBoolean(`${row}.author_is_bot`)}, 'minimized', ${jsonBoolean(`${row}.is_minimized`)}, 'url', ${row}.url`

const COMMENTS: readonly MirroredTrigger[] = [
  {
    name: 'pr_review_comment_added',
    on: 'AFTER INSERT ON review_comments',
    payload: comment('NEW'),
  },
  {
    name: 'pr_review_comment_edited',
    on: `AFTER UPDATE ON review_comments WHEN ${anyChanged(['body', 'is_minimized'])}`,
    payload: `${comment('NEW')}, 'bodyChanged', ${jsonBoolean(anyChanged(['body']))},
    'minimizedChanged', ${jsonBoolean(anyChanged(['is_minimized']))}`,
  },
  {
    name: 'pr_review_comment_removed',
    on: 'AFTER DELETE ON review_comments',
    row: 'OLD',
    payload: comment('OLD'),
  },
]

const review = (row: Row): string =>
  `'review', ${row}.id, 'author', ${row}.author, 'bot', ${jsonBoolean(`${row}.author_is_bot`)},
    'state', ${row}.state, 'url', ${row}.url`

const REVIEWS: readonly MirroredTrigger[] = [
  {
    name: 'pr_review_added',
    on: 'AFTER INSERT ON reviews',
    payload: review('NEW'),
  },
  {
    name: 'pr_review_edited',
    on: `AFTER UPDATE ON reviews WHEN ${anyChanged(['state', 'body'])}`,
    payload: `${review('NEW')}, 'oldState', OLD.state, 'bodyChanged', ${jsonBoolean(anyChanged(['body']))}`,
  },
  {
    name: 'pr_review_removed',
    on: 'AFTER DELETE ON reviews',
    row: 'OLD',
    payload: review('OLD'),
  },
]

const check = (row: Row): string =>
  `'check', ${row}.id, 'name', ${row}.name, 'headSha', ${row}.head_sha, 'app', ${row}.app_slug,
    'status', ${row}.status, 'conclusion', ${row}.conclusion, 'url', ${row}.url`

// The row of a commit status has the same id on every commit: on another commit it is another result.
const CHECK_RESULT = ['head_sha', 'status', 'conclusion'] as const

const CHECKS: readonly MirroredTrigger[] = [
  {
    name: 'pr_check_recorded',
    on: 'AFTER INSERT ON checks',
    payload: check('NEW'),
  },
  {
    name: 'pr_check_recorded_again',
    type: 'pr_check_recorded',
    on: `AFTER UPDATE ON checks WHEN ${anyChanged(CHECK_RESULT)}`,
    payload: check('NEW'),
  },
  {
    name: 'pr_check_removed',
    on: 'AFTER DELETE ON checks',
    row: 'OLD',
    payload: check('OLD'),
  },
]

/** What is news of a mirror, and what counts as its old value before the first read. */
const MIRROR_COLUMNS = {
  mergeability: `'unknown'`,
  review_decision: 'NULL',
  is_in_merge_queue: '0',
  has_auto_merge: '0',
} as const

const MIRRORS: readonly MirroredTrigger[] = [
  {
    name: 'pr_updated_by_first_read',
    type: 'pr_updated',
    on: `AFTER INSERT ON mirrors WHEN ${Object.entries(MIRROR_COLUMNS)
      .map(([column, old]) => `NEW.${column} IS NOT ${old}`)
      .join(' OR ')}`,
    payload: `'changed', ${changedFrom(MIRROR_COLUMNS)}`,
  },
  {
    name: 'pr_updated_by_read',
    type: 'pr_updated',
    on: `AFTER UPDATE ON mirrors WHEN ${anyChanged(Object.keys(MIRROR_COLUMNS))}`,
    payload: `'changed', ${changedColumns(Object.keys(MIRROR_COLUMNS))}`,
  },
]

/** The triggers of every mirrored table. */
export const MIRROR_TRIGGERS: readonly TriggerParts[] = [
  ...THREADS,
  ...COMMENTS,
  ...REVIEWS,
  ...CHECKS,
  ...MIRRORS,
].map(mirrored)
