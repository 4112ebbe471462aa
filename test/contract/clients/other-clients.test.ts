// Every kind of question and every option, through buttons, the REST interface and the command line; and what the table
// asks for as a whole.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import type { DecisionSpec } from '../../../src/domain/decision/decision-spec.ts'
import { describeClient, rowsFor } from './client-contract.ts'
import { COMMENTING_CLIENTS, OTHER_CLIENTS } from './clients.ts'
import { ClientWorld } from './client-world.ts'
import { QUESTION_ROWS } from './question-rows.ts'

let world: ClientWorld

beforeAll(async () => {
  world = await ClientWorld.start()
})

afterAll(() => world?.close())

for (const client of OTHER_CLIENTS) describeClient(client, () => world)

describe('the rows', () => {
  it('are every option of every kind, once for each thing it can concern', () => {
    const specs: readonly DecisionSpec[] = Object.values(DECISIONS)
    const counts = specs.map(({ statusWhileOpen, options, optionsOnceEnded }) =>
      statusWhileOpen === null ? options.length : options.length + optionsOnceEnded.length,
    )
    expect(specs).toHaveLength(10)
    expect(QUESTION_ROWS).toHaveLength(counts.reduce((sum, count) => sum + count, 0))
    expect(new Set(QUESTION_ROWS.map(({ name }) => name)).size).toBe(QUESTION_ROWS.length)
  })

  it('have a form in every client but short words and a fourth button', () => {
    const asked = [...COMMENTING_CLIENTS, ...OTHER_CLIENTS].map(
      (client) => `${client.name}: ${rowsFor(client).length}`,
    )
    expect(asked).toMatchInlineSnapshot(`
      [
        "a command with the id: 43",
        "a command alone: 10",
        "a mention: 10",
        "a short form with the id: 35",
        "a short form alone: 5",
        "a bare command with the id: 26",
        "a bare command alone: 2",
        "the text of a review: 43",
        "a reply in a review thread: 43",
        "a button of the check run: 40",
        "REST with the id: 43",
        "REST with the label: 43",
        "REST with the envelope: 43",
        "REST with the envelope as text: 43",
        "the command line with the id: 43",
        "the command line with the label: 10",
      ]
    `)
    const options = new Set(QUESTION_ROWS.map(({ option }) => option.id))
    expect(options.size).toBe(10)
  })
})
