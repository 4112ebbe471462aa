// The one way a sync that could not go on becomes a question: phase start, phase end, command and recovery at start
// all come here. The changes it returns are the recovery transaction: state, question and the announcement's job
// together, so that nobody can ever see a failed phase without its question.

import { demand, insert, type Change } from '../domain/changes.ts'
import { optionsFor } from '../domain/decision/decision.ts'
import type { SyncDetails } from '../domain/decision/details.ts'
import type { SyncDecisionKind } from '../domain/decision/kind.ts'
import { pinsOf } from '../domain/decision/subject.ts'
import type { Sha } from '../domain/ids.ts'
import type { Decision, Failure, Pipeline } from '../domain/records.ts'
import { caseSpec } from '../domain/sync/case.ts'
import type { InspectedWorktree, RebaseTrial } from '../domain/sync/facts.ts'
import type { PinNote } from '../domain/sync/pin.ts'
import type { Deps } from './deps.ts'
import { announceSoon, newDecision, stopForQuestion } from './new-decision.ts'
import { isTerminal, loadCurrentPhase, type SessionContext } from './queries.ts'
import { MOST_PATHS, pinNote } from './pin-note.ts'
import { isSync, localHead, remoteHead, type SyncReport } from './sync-operation.ts'

export interface QuestionOrder {
  readonly context: SessionContext
  readonly pipeline: Pipeline
  readonly report: SyncReport
  readonly moment: SyncDetails['moment']
}

/** Returns the recovery transaction for a sync whose case opens a question. */
export async function openDecision(deps: Deps, order: QuestionOrder): Promise<readonly Change[]> {
  const kind = caseSpec(order.report.case).opens
  if (kind === null) return order.report.changes
  const { context, pipeline, report } = order
  const details = await detailsOf(deps, order, kind)
  const concerns = concernOf(pipeline)
  const decision = newDecision(deps, {
    context,
    pipeline,
    kind,
    concerns,
    options: optionsFor(kind, { ...details, concerns }),
    details,
    headSha: boundHead(context, report),
  })
  return [
    demand({ kind: 'no_open_decision', sessionId: context.session.id }),
    ...report.changes,
    ...(concerns === 'worktree' ? [] : await stopped(deps, order, kind)),
    insert('decisions', decision),
    announceSoon(deps, context, decision),
  ]
}

function concernOf(pipeline: Pipeline): Decision['concerns'] {
  return isTerminal(pipeline, null) ? 'worktree' : 'pipeline'
}

/** A pipeline that had already ended keeps its status: the question is about the worktree alone then. */
async function stopped(
  deps: Deps,
  { pipeline, report }: QuestionOrder,
  kind: SyncDecisionKind,
): Promise<readonly Change[]> {
  const failure: Failure & { readonly code: SyncDecisionKind } = {
    code: kind,
    detail: caseSpec(report.case).meaning,
  }
  const phase = await loadCurrentPhase(deps.store, pipeline)
  return stopForQuestion(deps, { pipeline, phase, failure })
}

/** The remote head the person judges; when it could not be read, the last one GitHub told us. */
function boundHead(context: SessionContext, report: SyncReport): Sha {
  return remoteHead(report.facts) ?? context.pullRequest.headSha
}

async function detailsOf(deps: Deps, order: QuestionOrder, kind: SyncDecisionKind): Promise<SyncDetails> {
  const { context, report, moment } = order
  const pauses = await earlierPauses(deps, order, kind)
  const { facts } = report
  const inspected = facts.kind === 'inspected' ? facts : null
  const rebase = inspected?.relation?.rebase
  return {
    case: report.case,
    // A request to populate outlives the crash in its sync: the answer still has to bring it about.
    moment: report.operation.trigger === 'recovery' && moment !== 'populate' ? 'recovery' : moment,
    branch: context.session.branch,
    localHead: localHead(facts),
    remoteHead: remoteHead(facts),
    mergeBase: inspected?.relation?.mergeBase ?? null,
    discarded: SHOWS_OWN_COMMITS.includes(kind) ? (inspected?.relation?.ownCommits ?? []) : [],
    remoteCommits: inspected?.relation?.remoteCommits ?? [],
    conflictingPaths: rebase?.kind === 'conflict' ? rebase.paths : [],
    obstacle: obstacleOf(rebase),
    pins: eachOnce([...pauses.flatMap(pinsOf), ...(await pinNotes(deps, report, inspected))]),
    earlierPauses: pauses.length,
    isReset: report.case === 'divergence_recovered_via_reset',
    pushRefusal: pushRefusalOf(report),
    note: noteOf(report, inspected),
  }
}

function obstacleOf(rebase: RebaseTrial | undefined): SyncDetails['obstacle'] {
  if (rebase?.kind === 'has_merges') return 'merge'
  return rebase?.kind === 'conflict' ? 'conflict' : null
}

const SHOWS_OWN_COMMITS: readonly SyncDecisionKind[] = [
  'hard_reset_recovery',
  'divergence_reconcile_unacked',
  'backup_failed',
  'branch_gone',
]

/** Pauses of this divergence that a person answered with another try; the last question names what all of them pinned. */
async function earlierPauses(
  deps: Deps,
  { pipeline }: QuestionOrder,
  kind: SyncDecisionKind,
): Promise<readonly Decision[]> {
  if (kind !== 'divergence_reconcile_unacked') return []
  const { id: pipelineId, currentPhase: phase, sessionId } = pipeline
  const pauses = await deps.store.list('decisions', {
    pipelineId,
    phase,
    kind,
    status: 'resolved',
    answer: 'continue',
  })
  const syncs = await deps.store.list('syncOperations', { sessionId, purpose: 'sync' })
  const cured = syncs.filter((sync) => isSync(sync) && sync.endedAt !== null && caseSpec(sync.case).mayGoOn)
  const curedAt = Math.max(0, ...cured.map(({ endedAt }) => endedAt ?? 0))
  return pauses.filter(({ createdAt }) => createdAt >= curedAt)
}

/** A later pause names what the ones before it pinned, and so did those. */
function eachOnce(pins: readonly PinNote[]): readonly PinNote[] {
  return [...new Map(pins.map((pin) => [pin.prefix, pin])).values()]
}

/** Every pin of the operation and of those it finishes, oldest first. */
async function pinNotes(
  deps: Deps,
  report: SyncReport,
  facts: InspectedWorktree | null,
): Promise<readonly PinNote[]> {
  const operationIds = await operationChain(deps, report)
  const backups = await deps.store.list('backups', { operationId: operationIds })
  const dirtyPaths =
    facts === null ? [] : [...facts.tree.dirty, ...facts.tree.untracked, ...facts.tree.collisions.ignored]
  return backups.toSorted((a, b) => a.createdAt - b.createdAt).map((backup) => pinNote(backup, dirtyPaths))
}

async function operationChain(deps: Deps, report: SyncReport): Promise<readonly string[]> {
  const chain = [report.operation.id]
  for (let next = report.operation.resumes; next !== null && chain.length < 50;) {
    chain.push(next)
    next = (await deps.store.find('syncOperations', { id: next }))?.resumes ?? null
  }
  return chain
}

function pushRefusalOf(report: SyncReport): SyncDetails['pushRefusal'] {
  const last = report.steps.at(-1)
  if (last?.step.kind !== 'push_branch' || last.outcome.kind !== 'push') return null
  return last.outcome.result === 'pushed' ? null : last.outcome.result
}

/** What a person who has to look wants to know first: git's own word, or the paths in the way. */
function noteOf(report: SyncReport, facts: InspectedWorktree | null): string {
  const last = report.steps.at(-1)?.outcome
  if (last?.kind === 'failed') return last.detail
  if (last?.kind === 'push') return last.detail === '' ? last.result : `${last.result}: ${last.detail}`
  if (report.facts.remote.kind === 'fetch_failed') return report.facts.remote.detail
  if (rebaseFault(facts) !== null) return rebaseFault(facts) ?? ''
  if (report.facts.kind === 'unavailable') return faultNote(report.facts.fault)
  if (facts === null) return ''
  const { tree } = facts
  const inTheWay = [
    ...tree.collisions.dirty,
    ...tree.collisions.untracked,
    ...tree.collisions.ignored,
    ...tree.conflicted,
  ]
  const others = [...facts.locks, ...tree.hiddenEdits, ...tree.dirtySubmodules, ...tree.nestedRepositories]
  const operation = facts.inProgress === null ? [] : [facts.inProgress.replace('_', '-')]
  const elsewhere = facts.checkedOutElsewhere === null ? [] : [facts.checkedOutElsewhere]
  const named = [...operation, ...elsewhere, ...(inTheWay.length > 0 ? inTheWay : others)]
  return [...new Set(named)].slice(0, MOST_PATHS).join('\n')
}

function rebaseFault(facts: InspectedWorktree | null): string | null {
  if (facts === null) return null
  if (facts.relationFault !== null) return facts.relationFault.detail
  const rebase = facts.relation?.rebase
  return rebase?.kind === 'failed' ? rebase.detail : null
}

function faultNote(fault: {
  readonly kind: string
  readonly what?: string
  readonly detail?: string
}): string {
  return fault.what ?? fault.detail ?? fault.kind
}
