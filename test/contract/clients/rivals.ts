// Those who may answer the same question at the same moment. Each sends at once, and says later what it was told when another
// one was first.

import { expect } from 'vitest'
import { AppError } from '../../../src/domain/errors/app-error.ts'
import { CLI_RESULTS } from '../../../src/domain/text/cli-results.ts'
import { callCli, callRest } from './clients.ts'
import type { Asked, ClientWorld } from './client-world.ts'
import { envelopeOf, expectRefused } from './replies.ts'

/** A question with the check run that shows it; the run stays where it is when the head moves. */
export interface Shown extends Asked {
  readonly run: number
}

/** One of two who answer at the same moment: sends, and later says whether it was told that it was late. */
export interface Rival {
  readonly name: string
  readonly actor: string
  readonly send: (world: ClientWorld, asked: Shown, option: string) => Promise<() => Promise<void>>
}

/** How the answer that counted was given. */
export async function lateReply(world: ClientWorld, { question }: Asked) {
  const { id, answer, answeredBy, answeredVia: via, answeredAt: at } = await world.decision(question)
  return { kind: 'already_answered', id, answer: answer ?? '', by: answeredBy ?? '', via, at } as const
}

export async function lateError(world: ClientWorld, asked: Asked): Promise<AppError> {
  const { id, answer, by } = await lateReply(world, asked)
  return new AppError('DECISION_ALREADY_RESOLVED', { decision: id, answer, by })
}

export const COMMENT: Rival = {
  name: 'a comment',
  actor: 'alice',
  send: async (world, asked, option) => {
    const comment = await asked.pr.comment('alice', `/belay answer ${option} ${asked.question.id}`)
    return async () => expectRefused(asked.pr, comment, await lateReply(world, asked))
  },
}

export const RIVALS: readonly Rival[] = [
  COMMENT,
  {
    name: 'a button',
    actor: 'carol',
    send: async (_, asked, option) => {
      await asked.pr.pressButton('carol', asked.run, option)
      return async () => undefined
    },
  },
  {
    name: 'REST',
    actor: 'api',
    send: async (world, asked, option) => {
      const reply = callRest(world, asked, { answer: option })
      return async () => expect(await reply).toEqual(envelopeOf(await lateError(world, asked)))
    },
  },
  {
    name: 'the command line',
    actor: 'api',
    send: async (world, asked, option) => {
      const reply = callCli(world, asked, option)
      return async () => {
        const { message, hint } = await lateError(world, asked)
        expect(await reply).toEqual({ exitCode: 1, printed: CLI_RESULTS.refused(message, hint) })
      }
    },
  },
]
