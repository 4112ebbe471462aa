// Mistakes made on purpose, each of which a law must notice: a law that nothing can break holds nobody to anything.

import type { Change, Job } from '../../../src/domain/changes.ts'
import type { Spoil } from './program.ts'

export interface Mistake {
  readonly name: string
  readonly spoil: Spoil
  /** The beginning of a story's name in which it shows. */
  readonly story: string
  /** What must be said of it. */
  readonly noticed: RegExp
}

const ANSWERED = 'agent_failed, answer 1'

function without(isDropped: (change: Change) => boolean): Spoil {
  return (changes) => changes.filter((change) => !isDropped(change))
}

function inJob(kind: Job['kind'], spoil: (change: Change) => Change): Spoil {
  return (changes, job) => (job.kind === kind ? changes.map(spoil) : changes)
}

function isUpdateOf(change: Change, table: string): boolean {
  return change.kind === 'update' && change.table === table
}

function startsJob(change: Change, kind: Job['kind']): boolean {
  return change.kind === 'enqueue' && change.job.kind === kind
}

/** Returns a change of pipelines with other values; others as they are. */
function pipelineWith(set: object): (change: Change) => Change {
  return (change) =>
    change.kind === 'update' && change.table === 'pipelines'
      ? { ...change, set: { ...change.set, ...set } }
      : change
}

export const MISTAKES: readonly Mistake[] = [
  {
    name: 'an answer that is not told',
    spoil: without((change) => change.kind === 'log' && change.type === 'decision.resolved'),
    story: ANSWERED,
    noticed: /does not tell that agent_failed \w+ is resolved/u,
  },
  {
    name: 'an answer that has no effect',
    spoil: (changes, { kind }) =>
      kind === 'act_on_answer'
        ? changes.filter((change) => change.kind === 'enqueue' && !startsJob(change, 'start_phase'))
        : changes,
    story: ANSWERED,
    noticed: /had no effect/u,
  },
  {
    name: 'a failure without its question',
    spoil: without((change) => change.kind === 'insert' && change.table === 'decisions'),
    story: ANSWERED,
    noticed: /a pipeline waits without a question/u,
  },
  {
    name: 'a question that its pipeline does not wait for',
    spoil: (changes) =>
      changes.some((change) => change.kind === 'insert' && change.table === 'decisions')
        ? changes.filter((change) => !isUpdateOf(change, 'pipelines'))
        : changes,
    story: ANSWERED,
    noticed: /a question is open that its pipeline does not wait for/u,
  },
  {
    name: 'a question that is told before the failure',
    spoil: (changes, { kind }) => (kind === 'announce_failure' ? changes.toReversed() : changes),
    story: ANSWERED,
    noticed: /out of order/u,
  },
  {
    name: 'a status that no event leads to',
    spoil: inJob('act_on_answer', pipelineWith({ status: 'complete' })),
    story: ANSWERED,
    noticed: /No event leads from failed to complete/u,
  },
  {
    name: 'a run epoch that falls',
    spoil: inJob('act_on_answer', pipelineWith({ runEpoch: 0 })),
    story: ANSWERED,
    noticed: /The run epoch of .* fell/u,
  },
  {
    name: 'a pipeline that nothing carries on',
    spoil: (changes, { kind }) =>
      kind === 'act_on_answer' ? changes.filter((change) => !startsJob(change, 'start_phase')) : changes,
    story: ANSWERED,
    noticed: /nothing leads on/u,
  },
  {
    name: 'a verdict that is not taken in',
    spoil: without((change) => startsJob(change, 'finish_review')),
    story: 'an agreement',
    noticed: /nothing leads on/u,
  },
  {
    name: 'a push of what nobody accepted',
    spoil: (changes) =>
      changes.map((change) =>
        change.kind === 'insert' && change.table === 'proposals'
          ? { ...change, row: { ...change.row, commits: [] } }
          : change,
      ),
    story: 'an agreement',
    noticed: /pushed that no reviewer accepted/u,
  },
  {
    name: 'a phase that is told to be complete and is not',
    spoil: (changes, { kind }) =>
      kind === 'finish_attempt' ? changes.filter((change) => !isUpdateOf(change, 'phaseRuns')) : changes,
    story: 'a wish for an earlier phase',
    noticed: /0 times a phase was complete, and 1 times it was told/u,
  },
  {
    name: 'a session that ends beside its question',
    spoil: (changes, { kind }) =>
      kind === 'run_command' ? changes.filter((change) => !isUpdateOf(change, 'decisions')) : changes,
    story: 'a session that ends with a question',
    noticed: /a question outlives its session/u,
  },
]
