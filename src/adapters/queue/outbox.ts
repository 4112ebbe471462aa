// Sends effects to GitHub: in order per target, targets side by side, one result stored per try. Knows no SQL and no
// octokit.

import { setTimeout as delay } from 'node:timers/promises'

import { assertNever } from '../../domain/assert-never.ts'
import { isAppError } from '../../domain/errors/app-error.ts'
import type { EffectQueue, EffectResult, TakenEffect } from '../../ports/effect-queue.ts'
import type { GitHub, SendOutcome } from '../../ports/github.ts'
import type { Clock, Log } from '../../ports/surroundings.ts'
import { createWorkerLoop, type Worker } from './worker-loop.ts'

/** How many effects are on their way at the same time. */
const EFFECTS_AT_ONCE = 8

export interface OutboxOptions {
  readonly effects: EffectQueue
  readonly github: Pick<GitHub, 'send'>
  readonly clock: Clock
  readonly log: Log
  readonly effectsAtOnce?: number
}

/** Makes the worker that sends effects. Call `effects.recoverInterrupted` before it starts. */
export function createOutbox(options: OutboxOptions): Worker {
  const { effects, clock } = options
  return createWorkerLoop(
    {
      name: 'outbox',
      concurrency: options.effectsAtOnce ?? EFFECTS_AT_ONCE,
      take: async (limit) => {
        const taken = await effects.take(limit, clock.now())
        return taken.map((one) => () => deliver(options, one))
      },
      nextDueAt: () => effects.nextDueAt(),
    },
    options,
  )
}

async function deliver({ effects, github, log }: OutboxOptions, taken: TakenEffect): Promise<void> {
  const result = reopensCheckRun(taken) ? REOPENED : await send(github, taken)
  const state = await settle({ effects, log }, taken, result)
  if (result.kind === 'sent') return
  const fields = { effect: taken.id, target: taken.effect.target, state, reason: result.reason }
  if (result.kind === 'dead') log.error(fields, 'An effect was refused for good')
  else log.warn(fields, 'An effect could not be sent yet')
}

/** Pauses between tries to store a result, in milliseconds; the last one repeats. */
const SETTLE_PAUSES_MS = [100, 1_000, 5_000]

/**
 * Stores the result however long the database refuses it.
 *
 * Giving up would leave the effect `sending` until the next start, with everything behind it.
 */
async function settle(
  { effects, log }: Pick<OutboxOptions, 'effects' | 'log'>,
  taken: TakenEffect,
  result: EffectResult,
): ReturnType<EffectQueue['settle']> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await effects.settle(taken, result)
    } catch (error) {
      log.error({ error, effect: taken.id }, 'The result of an effect could not be stored yet')
      await delay(SETTLE_PAUSES_MS[Math.min(tries, SETTLE_PAUSES_MS.length - 1)], undefined, { ref: false })
    }
  }
}

const REOPENED: EffectResult = { kind: 'dead', reason: 'a completed check run can not be opened again' }

/** GitHub would make a second run or refuse; both mean a workflow forgot to open a new generation. */
function reopensCheckRun({ effect, isFinal }: TakenEffect): boolean {
  return effect.kind === 'check_run' && isFinal && effect.state.status !== 'completed'
}

async function send(github: Pick<GitHub, 'send'>, taken: TakenEffect): Promise<EffectResult> {
  const { effect, remoteId, mayExist } = taken
  try {
    return toResult(await github.send({ effect, remoteId, mayExist }))
  } catch (error) {
    const reason = isAppError(error) ? `${error.code}: ${error.message}` : String(error)
    return { kind: 'try_later', afterMs: 0, reason }
  }
}

function toResult(outcome: SendOutcome): EffectResult {
  switch (outcome.kind) {
    case 'sent':
      return { kind: 'sent', remoteId: outcome.remoteId }
    case 'refused':
      return { kind: 'dead', reason: `GitHub answered ${outcome.status}: ${outcome.message}` }
    case 'try_later':
      return { kind: 'try_later', afterMs: outcome.afterMs, reason: outcome.message }
    default:
      return assertNever(outcome)
  }
}
