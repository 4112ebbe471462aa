// What a client is told when its answer does not count: on the pull request, through REST, on the command line.

import { toEnvelope, type AppError } from '../../../src/domain/errors/app-error.ts'
import { CLI_RESULTS } from '../../../src/domain/text/cli-results.ts'
import { renderReply } from '../../../src/domain/text/replies.ts'
import type { Reply } from '../../../src/domain/text/reply.ts'
import { expect } from 'vitest'
import type { FakePullRequest } from '../../support/fake-github/index.ts'
import { callCli, callRest, reactionsOf } from './clients.ts'
import type { Asked, ClientWorld } from './client-world.ts'

interface Written {
  readonly nodeId: string
  readonly reactions: readonly { readonly by: string; readonly content: string }[]
}

/** Returns the bot's replies to a comment, a review or a reply in a thread, without their hidden markers. */
export function repliesTo(pr: FakePullRequest, { nodeId }: Written): readonly string[] {
  return pr.comments
    .filter(({ author, body }) => author === 'belay[bot]' && body.split('\n').at(-1)?.includes(nodeId))
    .map(({ body }) => body.replace(/\n*<!-- belay:[^\n]*-->\s*$/, '').trimEnd())
}

/** The whole text of a reply as it stands on GitHub. */
export function textOf(reply: Reply): string {
  return renderReply(reply).trimEnd()
}

/** Asserts that a comment was refused with exactly this reply; null is a reaction without words. */
export function expectRefused(pr: FakePullRequest, written: Written, reply: Reply | null): void {
  expect({ reactions: reactionsOf(written), replies: repliesTo(pr, written) }).toEqual({
    reactions: ['eyes', 'confused'],
    replies: reply === null ? [] : [textOf(reply)],
  })
}

/** Asserts that REST and the command line answer with exactly this error. */
export async function expectErrors(
  world: ClientWorld,
  asked: Pick<Asked, 'question'>,
  { answer, error }: { readonly answer: string; readonly error: AppError },
): Promise<void> {
  expect(await callRest(world, asked, { answer })).toEqual(envelopeOf(error))
  expect(await callCli(world, asked, answer)).toEqual({
    exitCode: 1,
    printed: CLI_RESULTS.refused(error.message, error.hint),
  })
}

/** Returns the reply of REST that an error becomes; its request id is anything. */
export function envelopeOf(error: AppError): { readonly status: number; readonly body: object } {
  const { status, body } = toEnvelope(error, '')
  return { status, body: { ...body, requestId: expect.any(String) } }
}
