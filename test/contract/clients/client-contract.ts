// The contract of every client: whatever it is asked, and whatever is chosen, the answer arrives as the same option, is
// stored once, and acts. The rows come from the table of decisions.

import { afterAll, describe, expect, it } from 'vitest'
import type { Job } from '../../../src/domain/changes.ts'
import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionSpec } from '../../../src/domain/decision/decision-spec.ts'
import type { Nudge } from '../../../src/domain/mirror/records.ts'
import type { Backup, Decision, Pipeline, Session } from '../../../src/domain/records.ts'
import { CLI_RESULTS } from '../../../src/domain/text/cli-results.ts'
import type { Client, Seen } from './clients.ts'
import type { Asked, ClientWorld, Place } from './client-world.ts'
import { expectedEffect, type ExpectedEffect } from './expected-effects.ts'
import { QUESTION_ROWS, type QuestionRow } from './question-rows.ts'

/** Jobs that follow most answers and are the business of others. */
const BESIDE: ReadonlySet<Job['kind']> = new Set(['collect_news', 'reconcile', 'refresh_status'])

/** Runs every row through a client. */
export function describeClient(client: Client, worldOf: () => ClientWorld): void {
  describe(client.name, () => {
    const covered = new Set<string>()
    const places = new Map<string, Place>()
    const rows = rowsFor(client)

    /** What GitHub shows of a session names all its questions, so a client that looks gets a session for each kind. */
    async function placeOf({ kind }: QuestionRow): Promise<Place> {
      const subject = client.via === 'button' ? kind : 'all'
      const branch = `${client.name} ${subject}`.toLowerCase().replaceAll(/[^a-z]+/gu, '-')
      const place = places.get(subject) ?? (await worldOf().open(branch))
      places.set(subject, place)
      return place
    }

    it.each(rows)('$name', async (row) => {
      const world = worldOf()
      const asked = await world.ask(await placeOf(row), row)
      const option = asked.question.options[positionOf(row)]
      expect(option?.id).toBe(row.option.id)
      if (option === undefined) return
      const before = await rowsOf(world, asked)
      const mark = world.aside.length
      const seen = await client.give(world, asked, option)
      const effect = expectedEffect(option.action, row.concerns)
      await expectStored(world, { asked, client, effect, answer: option.id })
      await expectActed(world, { asked, before, effect, jobs: world.aside.slice(mark) })
      expectSeen(seen, { client, effect, answer: option.id, asked })
      covered.add(row.name)
    })

    afterAll(() => {
      // A row that was filtered away, or asked and not looked at, is a failure.
      expect([...covered].toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
    })
  })
}

/** Returns the rows a client is asked; of the other spellings of another client, one for each option id. */
export function rowsFor({ can, spells }: Client): readonly QuestionRow[] {
  const rows = QUESTION_ROWS.filter((row) => can(row.option, positionOf(row)))
  if (spells !== true) return rows
  return rows.filter(({ option }, at) => rows.findIndex((other) => other.option.id === option.id) === at)
}

/** Where the option stands among those of its question. */
function positionOf({ kind, concerns, option }: QuestionRow): number {
  const spec: DecisionSpec = DECISIONS[kind]
  const options = concerns === 'worktree' ? spec.optionsOnceEnded : spec.options
  return options.findIndex(({ id }) => id === option.id)
}

interface Rows {
  readonly pipeline: Pipeline | null
  readonly session: Session | null
  readonly backups: readonly Backup[]
  readonly nudges: readonly Nudge[]
}

async function rowsOf({ deps: { store } }: ClientWorld, { session, pipeline }: Asked): Promise<Rows> {
  const { id: sessionId } = session
  return {
    pipeline: await store.find('pipelines', { id: pipeline.id }),
    session: await store.find('sessions', { id: sessionId }),
    backups: await store.list('backups', { sessionId }),
    nudges: await store.list('nudges', { sessionId, status: 'pending' }),
  }
}

interface Stored {
  readonly asked: Asked
  readonly client: Client
  readonly effect: ExpectedEffect
  readonly answer: string
}

/** One row of each kind says who chose what through what; a question that stays open has none. */
async function expectStored(world: ClientWorld, { asked, client, effect, answer }: Stored): Promise<void> {
  const { id, projectId, pipelineId } = asked.question
  const { via, actor } = client
  const log = await world.parts.reader.query(
    `SELECT type, payload FROM change_log WHERE type LIKE 'decision.%' AND payload LIKE '%${id}%'`,
  )
  const audits = await world.deps.store.list('auditLog', { target: `${projectId}/${id}` })
  const now = await world.decision(asked.question)
  if (effect.staysOpen === true) {
    expect(now).toEqual(asked.question)
    expect([log.filter(({ type }) => type === 'decision.resolved'), audits]).toEqual([[], []])
    return
  }
  const at = world.deps.clock.now()
  const resolved: Partial<Decision> = {
    status: 'resolved',
    answer,
    answeredBy: actor,
    answeredVia: via,
    answeredAt: at,
    actedAt: at,
    successorId: null,
  }
  expect(now).toEqual({ ...asked.question, ...resolved })
  expect(log.filter(({ type }) => type === 'decision.resolved').map(({ payload }) => payload)).toEqual([
    { v: 1, decision_id: id, pipeline_id: pipelineId, answer, by: actor, via },
  ])
  expect(audits).toMatchObject([{ actor, via, action: 'answer_decision', details: { option: answer } }])
}

interface Acted {
  readonly asked: Asked
  readonly before: Rows
  readonly effect: ExpectedEffect
  readonly jobs: readonly Job[]
}

async function expectActed(world: ClientWorld, { asked, before, effect, jobs }: Acted): Promise<void> {
  const after = await rowsOf(world, asked)
  const epoch = asked.question.runEpoch
  switch (effect.pipeline) {
    case 'resumed':
      expect(after.pipeline).toMatchObject({
        status: 'running',
        runEpoch: epoch + 1,
        failure: null,
        endedAt: null,
      })
      break
    case 'cancelled':
      expect(after.pipeline).toMatchObject({
        status: 'cancelled',
        runEpoch: epoch,
        failure: { code: 'cancelled_by_person' },
        endedAt: world.deps.clock.now(),
      })
      break
    case 'kept':
      expect(after.pipeline).toEqual(before.pipeline)
  }
  // Worktree and pins stay, whatever was chosen.
  expect(after.session).toMatchObject({ state: 'live', ending: null })
  expect(after.backups).toEqual(before.backups)
  const done = jobs.filter(({ kind }) => !BESIDE.has(kind))
  expect(done.map(shape)).toEqual(effect.job === null ? [] : [effect.job])
  for (const job of done) {
    if ('runEpoch' in job) expect(job.runEpoch).toBe(epoch + 1)
    if ('decisionId' in job) expect(job.decisionId).toBe(asked.question.id)
    if ('sessionId' in job) expect(job.sessionId).toBe(asked.session.id)
  }
  if (effect.news !== undefined) {
    expect(before.nudges).not.toEqual([])
    expect(after.nudges).toEqual(effect.news === 'pending' ? before.nudges : [])
  }
}

function shape(job: Job): NonNullable<ExpectedEffect['job']> {
  return 'choice' in job && job.choice !== undefined
    ? { kind: job.kind, choice: job.choice }
    : { kind: job.kind }
}

/** Whoever answered sees that it counted: by a reaction, by a status, by a line. */
function expectSeen(seen: Seen, { client, effect, answer, asked: { question } }: Stored): void {
  const isOpen = effect.staysOpen === true
  const status = isOpen ? 'pending' : 'resolved'
  switch (client.via) {
    case 'command':
    case 'bare_command':
      // A rescue ends its command when the commits are on their branch.
      return expect(seen).toEqual({ reactions: isOpen ? ['eyes'] : ['eyes', 'rocket'] })
    case 'rest':
      return expect(seen).toEqual({ status: 200, body: { decision: question.id, option: answer, status } })
    case 'cli': {
      const say = isOpen ? CLI_RESULTS.stillOpen : CLI_RESULTS.answered
      return expect(seen).toEqual({ exitCode: 0, printed: say(question.id, answer) })
    }
    case 'button':
      return expect(seen).toEqual({})
  }
}
