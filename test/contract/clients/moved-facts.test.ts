// Answers that arrive when the facts are not those any more that the question was asked about: the branch moved unseen, the
// pipeline went elsewhere. Each client is told so, and nothing is done.

import { withdrawnError } from '../../../src/edge/api/decision-routes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { update } from '../../../src/domain/changes.ts'
import type { IssueComment } from '../../support/fake-github/index.ts'
import { callRest, press, write } from './clients.ts'
import { ClientWorld, type Asked, type Place } from './client-world.ts'
import { envelopeOf, expectRefused } from './replies.ts'

let world: ClientWorld
let place: Place

beforeAll(async () => {
  world = await ClientWorld.start()
  place = await world.open('stays')
})

afterAll(() => world?.close())

function say({ pr }: Pick<Asked, 'pr'>, by: string, words: string): Promise<IssueComment> {
  return write(world, pr, { by, words })
}

async function expectStillOpen({ question }: Asked): Promise<void> {
  expect(await world.decision(question)).toEqual(question)
}

type Give = (asked: Asked) => Promise<unknown>

/** The clients whose answer arrives when the facts are not those any more that the question was asked about. */
const GIVEN: readonly { readonly through: string; readonly give: Give }[] = [
  { through: 'a command', give: (asked) => say(asked, 'alice', `/belay answer retry ${asked.question.id}`) },
  { through: 'REST', give: (asked) => callRest(world, asked, { answer: 'retry' }) },
  { through: 'a button', give: (asked) => press(world, asked, { by: 'alice', option: 'retry' }) },
]

describe('an answer after the branch moved unseen', () => {
  it.each(GIVEN)(
    'through $through is told the successor, which is asked for the new head',
    async ({ through, give }) => {
      const asked = await world.ask(await world.open(`moved-${through.replaceAll(' ', '-')}`), {
        kind: 'agent_failed',
      })
      const { pr, question } = asked
      await world.show(asked)
      for (const event of ['push', 'pull_request'] as const)
        world.parts.github.faults.drop({ event, times: 1 })
      // The button of the old head is what the person still sees.
      const run = pr.checkRuns().at(-1)
      await world.parts.repo.push({ by: 'carol', branch: pr.headBranch, files: { 'more.txt': 'more\n' } })
      await world.settle()
      await expectStillOpen(asked)
      const seen = through === 'a button' ? await pressOld(asked, run?.id ?? 0) : await give(asked)
      const { projectId, rootId } = question
      const [, successor, ...more] = await world.deps.store.list('decisions', { projectId, rootId })
      expect(more).toEqual([])
      if (successor === undefined) throw new Error('The question was not asked anew')
      expect(successor).toMatchObject({ status: 'pending', headSha: pr.headSha, kind: 'agent_failed' })
      const withdrawn = {
        status: 'cancelled',
        cancelReason: 'superseded',
        successorId: successor.id,
        answer: null,
      }
      expect(await world.decision(question)).toMatchObject(withdrawn)
      if (through === 'REST') {
        const error = withdrawnError(question.id, {
          kind: 'superseded',
          reason: 'superseded',
          successor: successor.id,
        })
        expect(seen).toEqual(envelopeOf(error))
      }
      if (through === 'a command') {
        const comment = seen as Awaited<ReturnType<typeof say>>
        const reply = {
          kind: 'withdrawn',
          id: question.id,
          reason: 'superseded',
          optionId: 'retry',
          successor,
        } as const
        expectRefused(pr, comment, reply)
      }
    },
  )

  async function pressOld({ pr }: Asked, run: number): Promise<void> {
    await pr.pressButton('alice', run, 'retry')
    await world.settle()
  }
})

describe('an answer after the pipeline went elsewhere', () => {
  it.each(GIVEN)('through $through withdraws the question and changes nothing', async ({ through, give }) => {
    const asked = await world.ask(place, { kind: 'agent_failed' })
    const { pr, question, pipeline } = asked
    await world.show(asked)
    const elsewhere = update('pipelines', { where: { id: pipeline.id }, set: { currentPhase: 'plan' } })
    await world.deps.store.commit([elsewhere], null)
    const before = await world.deps.store.find('pipelines', { id: pipeline.id })
    const mark = world.aside.length
    const seen = await give(asked)
    expect(await world.decision(question)).toMatchObject({ status: 'cancelled', cancelReason: 'wrong_phase' })
    expect(await world.deps.store.find('pipelines', { id: pipeline.id })).toEqual(before)
    expect(world.aside.slice(mark).map(({ kind }) => kind)).not.toContain('start_phase')
    if (through === 'REST') {
      const error = withdrawnError(question.id, {
        kind: 'superseded',
        reason: 'wrong_phase',
        successor: null,
      })
      expect(seen).toEqual(envelopeOf(error))
    }
    if (through === 'a command') {
      const comment = seen as Awaited<ReturnType<typeof say>>
      const reply = { kind: 'wrong_phase', id: question.id, phase: 'implement', now: 'plan' } as const
      expectRefused(pr, comment, reply)
    }
  })
})
