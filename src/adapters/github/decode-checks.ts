// Turns the check runs and commit statuses of a head into our own facts: the newest of each, without those of our own
// App. Reads nothing.

import type { CheckConclusion, CheckStatus, ObservedCheck } from '../../domain/mirror/observation.ts'
import { oneLine } from '../../domain/text/markdown.ts'
import { toTime } from './decode-texts.ts'
import type { RawCheck, RawCheckRun, RawStatus } from './observation-texts.ts'

const SUMMARY_LENGTH = 200

const CONCLUSIONS: Readonly<Record<string, CheckConclusion>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  NEUTRAL: 'neutral',
  CANCELLED: 'cancelled',
  SKIPPED: 'skipped',
  TIMED_OUT: 'timed_out',
  ACTION_REQUIRED: 'action_required',
  STALE: 'stale',
  STARTUP_FAILURE: 'startup_failure',
}

interface StatusMeaning {
  readonly status: CheckStatus
  readonly conclusion: CheckConclusion | null
}

const STATUS_STATES: Readonly<Record<string, StatusMeaning>> = {
  SUCCESS: { status: 'completed', conclusion: 'success' },
  FAILURE: { status: 'completed', conclusion: 'failure' },
  ERROR: { status: 'completed', conclusion: 'failure' },
  PENDING: { status: 'in_progress', conclusion: null },
  // Branch protection asks for it and nobody has reported yet.
  EXPECTED: { status: 'queued', conclusion: null },
}

/** Returns the checks that count, in the order they came. */
export function toChecks(raw: readonly RawCheck[], ownAppId: number): readonly ObservedCheck[] {
  const newest = new Map<string, RawCheck>()
  for (const check of raw) {
    if (check.type === 'CheckRun' && check.checkSuite?.app?.databaseId === ownAppId) continue
    const key = keyOf(check)
    const rival = newest.get(key)
    if (rival === undefined || isNewer(check, rival)) newest.set(key, check)
  }
  return [...newest.values()].map((check) =>
    check.type === 'CheckRun' ? toRunCheck(check) : toStatusCheck(check),
  )
}

/**
 * Names what a rerun replaces.
 *
 * Two workflows may each have a job of the same name, and one workflow runs once more for the same commit when a pull
 * request is reopened: the first are two checks, the second is one. An App without workflows is told by its suite.
 */
function keyOf(check: RawCheck): string {
  if (check.type === 'StatusContext') return `status ${check.context}`
  const { app, workflowRun, id } = check.checkSuite ?? { app: null, workflowRun: null, id: '' }
  const workflow = workflowRun?.workflow.databaseId ?? null
  const origin = workflowRun === null || workflow === null ? id : `${workflow} ${workflowRun.event}`
  return `run ${app?.databaseId ?? ''} ${origin} ${check.name}`
}

/** A run that has not started is newer than any that has; of equals the greater number is. */
function isNewer(check: RawCheck, rival: RawCheck): boolean {
  const [mine, theirs] = [startOf(check), startOf(rival)]
  if (mine !== theirs) return mine > theirs
  return numberOf(check) > numberOf(rival)
}

function startOf(check: RawCheck): number {
  if (check.type === 'StatusContext') return Date.parse(check.createdAt)
  return toTime(check.startedAt) ?? Number.POSITIVE_INFINITY
}

function numberOf(check: RawCheck): number {
  return check.type === 'CheckRun' ? (check.databaseId ?? 0) : 0
}

function toRunCheck(run: RawCheckRun): ObservedCheck {
  const status = toStatus(run.status)
  return {
    id: run.id,
    source: 'check_run',
    name: run.name,
    appId: run.checkSuite?.app?.databaseId ?? null,
    appSlug: run.checkSuite?.app?.slug ?? null,
    databaseId: run.databaseId ?? numberInAddress(run.permalink),
    status,
    // A conclusion that GitHub may add one day is no failure until we know it.
    conclusion: status === 'completed' ? (CONCLUSIONS[run.conclusion ?? ''] ?? 'neutral') : null,
    summary: shortened(firstOf(run.title, run.summary)),
    url: run.detailsUrl ?? run.permalink,
    startedAt: toTime(run.startedAt),
    completedAt: toTime(run.completedAt),
  }
}

function toStatusCheck(raw: RawStatus): ObservedCheck {
  const { status, conclusion } = STATUS_STATES[raw.state] ?? { status: 'in_progress', conclusion: null }
  const createdAt = Date.parse(raw.createdAt)
  return {
    id: `status:${raw.context}`,
    source: 'status',
    name: raw.context,
    appId: null,
    appSlug: null,
    databaseId: null,
    status,
    conclusion,
    summary: shortened(raw.description ?? ''),
    url: raw.targetUrl,
    startedAt: createdAt,
    completedAt: status === 'completed' ? createdAt : null,
  }
}

/** GraphQL's field is of 32 bits and REST's numbers are not; the address of a run ends with its number. */
function numberInAddress(address: string): number | null {
  const digits = /\/(?:runs|job)\/(\d+)(?:[?#]|$)/u.exec(address)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Requested, waiting and pending runs have not begun either. */
function toStatus(status: string): CheckStatus {
  if (status === 'COMPLETED') return 'completed'
  return status === 'IN_PROGRESS' ? 'in_progress' : 'queued'
}

function firstOf(title: string | null, summary: string | null): string {
  if (title !== null && title.trim() !== '') return title
  return (summary ?? '').trim().split('\n', 1)[0] ?? ''
}

function shortened(text: string): string {
  return Array.from(oneLine(text)).slice(0, SUMMARY_LENGTH).join('')
}
