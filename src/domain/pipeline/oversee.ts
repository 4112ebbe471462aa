// What is wrong with the agents of a phase, found by rules from stored facts: no life, the same failure again and again,
// too much time. Pure: it knows no clock, and tells nobody.

import type { RepositoryConfig } from '../config/repository-config.ts'
import { fingerprint } from '../nudge/signature.ts'
import type { Alert, Attempt, Decision } from '../records.ts'
import { clip } from '../text/markdown.ts'
import type { Anomaly, Overseer } from './records.ts'

/** What the overseer looks at: one phase, with everything of its pipeline that bears on it. */
export interface WatchFacts {
  readonly now: number
  readonly limits: RepositoryConfig['overseer']
  readonly pipelineId: string
  readonly phase: { readonly id: string; readonly name: string }
  /** Of the whole pipeline, in the order they were opened. */
  readonly attempts: readonly WatchedAttempt[]
  /** Of the whole pipeline. */
  readonly questions: readonly Pick<Decision, 'rootId' | 'kind' | 'phase'>[]
  /** What reviewers of this phase said against its proposals. */
  readonly refusals: readonly Refusal[]
  /** What was raised before about the pipeline, by whatever watch. */
  readonly raised: Overseer['raised']
}

export type WatchedAttempt = Pick<
  Attempt,
  'id' | 'phaseRunId' | 'role' | 'agent' | 'status' | 'exit' | 'activeAt' | 'startedAt' | 'endedAt'
>

/** One reviewer's verdict against one proposal. */
export interface Refusal {
  readonly reviewer: string
  readonly reasons: readonly string[]
}

/** Something wrong, with what it is about: the same is never raised twice. */
export interface Finding {
  readonly anomaly: Anomaly
  readonly about: string
  readonly details: Alert['details']
}

/** Returns what is wrong now and was not raised before. */
export function findAnomalies(facts: WatchFacts): readonly Finding[] {
  const known = new Set(facts.raised.map(keyOf))
  return [...stalls(facts), ...loops(facts), ...overBudget(facts)].filter(
    (finding) => !known.has(keyOf(finding)),
  )
}

function keyOf({ anomaly, about }: { readonly anomaly: Anomaly; readonly about: string }): string {
  return `${anomaly}:${about}`
}

/**
 * An attempt is measured from its own anchor alone.
 *
 * A sign of life older than the attempt belongs to no process of it, so the start counts then; one that is zero or lies in
 * the future says nothing about how long it is silent.
 */
function stalls({ now, limits, phase, attempts }: WatchFacts): readonly Finding[] {
  return attempts.flatMap(({ id, phaseRunId, role, agent, status, activeAt, startedAt }) => {
    const anchor = Math.max(activeAt, startedAt)
    const isSilent = activeAt > 0 && now - anchor > limits.stallMs
    if (status !== 'running' || phaseRunId !== phase.id || !isSilent) return []
    const details = {
      phase: phase.name,
      attempt_id: id,
      role,
      agent,
      active_at: anchor,
      limit_ms: limits.stallMs,
    }
    return [{ anomaly: 'stall', about: id, details }]
  })
}

/** One way in which the phase fails, and how often it did. */
interface Repeat {
  readonly what: 'exit' | 'question' | 'refusal'
  /** Whose failure it is; null for a question. */
  readonly who: string | null
  readonly which: string
  readonly times: number
}

/** Each multiple of the limit is worth another alert, so that a loop that goes on is heard of again. */
function loops(facts: WatchFacts): readonly Finding[] {
  const { limits, phase } = facts
  return repeatsIn(facts).flatMap(({ what, who, which, times }) => {
    const bucket = Math.floor(times / limits.loop)
    if (bucket === 0) return []
    const named = what === 'refusal' ? fingerprint(which) : which
    const details = {
      phase: phase.name,
      what,
      who,
      which: clip(which, MOST_CHARACTERS),
      times,
      limit: limits.loop,
    }
    return [{ anomaly: 'loop', about: [phase.name, what, who ?? '', named, bucket].join(':'), details }]
  })
}

/** As much of a refusal as an alert quotes. */
const MOST_CHARACTERS = 300

function repeatsIn({ attempts, questions, refusals, phase }: WatchFacts): readonly Repeat[] {
  const asked = questions.filter((question) => question.phase === phase.name)
  return [
    ...repeatedExits(attempts.filter(({ phaseRunId }) => phaseRunId === phase.id)),
    ...repeatedQuestions(asked),
    ...repeatedRefusals(refusals),
  ]
}

/** What Belay or its operator stopped has not failed. */
function failureOf({ exit }: WatchedAttempt): string | null {
  if (exit === null || exit.kind === 'stopped') return null
  return exit.kind === 'exited' && exit.code === 0 ? null : exit.kind
}

/** Counts the longest run of the same kind of exit without a success between, for each agent in its role. */
function repeatedExits(attempts: readonly WatchedAttempt[]): readonly Repeat[] {
  const longest = new Map<string, Repeat>()
  const current = new Map<string, number>()
  for (const attempt of attempts) {
    const who = `${attempt.role} ${attempt.agent}`
    if (attempt.status === 'succeeded') forget(current, who)
    const which = failureOf(attempt)
    if (which === null) continue
    const key = `${who}:${which}`
    const times = (current.get(key) ?? 0) + 1
    current.set(key, times)
    if (times > (longest.get(key)?.times ?? 0)) longest.set(key, { what: 'exit', who, which, times })
  }
  return [...longest.values()]
}

function forget(current: Map<string, number>, who: string): void {
  for (const key of current.keys()) if (key.startsWith(`${who}:`)) current.delete(key)
}

/** A question that was asked anew after a push is the same question. */
function repeatedQuestions(asked: WatchFacts['questions']): readonly Repeat[] {
  const roots = new Map<string, Set<string>>()
  for (const { kind, rootId } of asked) roots.set(kind, (roots.get(kind) ?? new Set()).add(rootId))
  return [...roots].map(([which, ids]) => ({ what: 'question', who: null, which, times: ids.size }))
}

/** The same words in another layout are the same refusal; a proposal counts once for each. */
function repeatedRefusals(refusals: readonly Refusal[]): readonly Repeat[] {
  const counted = new Map<string, Repeat>()
  for (const { reviewer, reasons } of refusals) {
    for (const which of new Set(reasons.map(inOneLine))) {
      const key = `${reviewer}:${which}`
      counted.set(key, { what: 'refusal', who: reviewer, which, times: (counted.get(key)?.times ?? 0) + 1 })
    }
  }
  return [...counted.values()]
}

function inOneLine(text: string): string {
  return text.trim().replace(/\s+/gu, ' ')
}

function overBudget({ now, limits, pipelineId, attempts }: WatchFacts): readonly Finding[] {
  const spent = attempts.map(({ startedAt, endedAt }) => Math.max(0, (endedAt ?? now) - startedAt))
  const spentMs = spent.reduce((sum, one) => sum + one, 0)
  if (spentMs <= limits.budgetMs) return []
  const details = { attempts: attempts.length, spent_ms: spentMs, limit_ms: limits.budgetMs }
  return [{ anomaly: 'budget', about: pipelineId, details }]
}
