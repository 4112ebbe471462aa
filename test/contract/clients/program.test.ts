// The command line as its operator has it: the program itself as a process of its own, beside the running one. Some
// answers only, since each costs a start; the rest of the program is asked in other-clients.test.ts.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLI_RESULTS } from '../../../src/domain/text/cli-results.ts'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import { programArguments, REPOSITORY } from '../../support/program-arguments.ts'
import { API_TOKEN, ClientWorld, type Place } from './client-world.ts'
import { QUESTION_ROWS } from './question-rows.ts'

let world: ClientWorld
let place: Place

beforeAll(async () => {
  world = await ClientWorld.start()
  place = await world.open('program')
})

afterAll(() => world?.close())

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the program with the words and pumps the running one until it has ended. */
function belay(...words: readonly string[]): Promise<Ended> {
  const { folder, ground } = world.parts
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    HOST: '127.0.0.1',
    PORT: new URL(world.apiAddress).port,
    APP_ID: String(ground.app.id),
    PRIVATE_KEY: ground.app.privateKey,
    WEBHOOK_SECRET: ground.app.webhookSecret,
    DATABASE_URL: `file:${join(folder, 'belay.db')}`,
    BELAY_HOME: ground.home,
    BELAY_API_TOKEN: `api:${API_TOKEN}`,
    BELAY_ISOLATION: 'none',
  }
  const argv = [...programArguments(join(REPOSITORY, 'src', 'main.ts')), ...words]
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd: folder, env: environment }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err })
    })
  })
}

const KINDS = ['hard_reset_recovery', 'empty_contract', 'agent_question', 'nudge_budget'] as const
const FIRSTS = KINDS.flatMap((kind) => QUESTION_ROWS.filter((row) => row.kind === kind).slice(0, 1))

describe('belay decisions answer', () => {
  it('is asked once of every kind named here', () => expect(FIRSTS).toHaveLength(KINDS.length))

  it.each(FIRSTS)('$name', async ({ kind, concerns }) => {
    const { question } = await world.ask(place, { kind, concerns })
    const [option] = question.options
    if (option === undefined) throw new Error(`${kind} has no option`)
    // Without its pipeline the program finds the question in the database; the label is the longer way to say it.
    const ended = await belay('decisions', 'answer', question.id, option.label)
    expect(ended).toEqual({ code: 0, out: CLI_RESULTS.answered(question.id, option.id), err: '' })
    expect(await world.decision(question)).toMatchObject({
      status: 'resolved',
      answer: option.id,
      answeredBy: 'api',
      answeredVia: 'cli',
      actedAt: expect.any(Number),
    })
  })

  it('says why an answer was not taken, with exit code 1', async () => {
    const { question } = await world.ask(place, { kind: 'agent_question' })
    const { id: decision, options } = question
    const invalid = new AppError('DECISION_OPTION_INVALID', {
      decision,
      answer: 'd',
      options: options.map(({ id }) => id),
    })
    const said = { code: 1, out: '', err: CLI_RESULTS.refused(invalid.message, invalid.hint) }
    expect(await belay('decisions', 'answer', decision, 'd', '--pipeline', question.pipelineId)).toEqual(said)
    const missing = new AppError('DECISION_NOT_FOUND', { decision: 'zzzzzz' })
    const ended = await belay('decisions', 'answer', 'zzzzzz', 'a')
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining(missing.message)])
    expect(await world.decision(question)).toEqual(question)
  })
})
