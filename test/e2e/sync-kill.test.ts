// SIGKILL of a real process at the n-th durable step of a sync (before each git process, before and after each
// transaction), in every scene. The next start finishes it as if nothing had happened, and plain git finds every
// commit and every byte. BELAY_EVERY_KILL=1 tries n = 1, 2, 3 … until the scene ends clean; otherwise one n a scene.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeEnd, killAndResume } from '../support/faults/kill-and-resume.ts'
import { KILL_SCENES } from '../support/faults/kill-scenes.ts'
import type { StandingScene } from '../support/faults/kill-scene.ts'
import { KillStage } from '../support/faults/kill-stage.ts'

const TRIES_EVERY_KILL = process.env['BELAY_EVERY_KILL'] === '1'
/** Far more than there are: a sync that dies for ever is a failure, not a long test. */
const MOST_KILLS = 400
const PLAYED = KILL_SCENES.filter(({ thinnedTo }) => TRIES_EVERY_KILL || thinnedTo !== null)

let stage: KillStage

beforeAll(async () => {
  stage = await KillStage.build(PLAYED)
}, 240_000)

afterAll(() => stage?.remove())

function standingOf(name: string): StandingScene {
  const found = stage.scenes.find(({ scene }) => scene.name === name)
  if (found === undefined) throw new Error(`No scene ${name}`)
  return found
}

/** The scene without a kill: how many durable steps git and the journal make of it, and the tree it leaves. */
async function playUndisturbed(
  standing: StandingScene,
): Promise<{ readonly steps: number; readonly tree: string }> {
  const witness = await stage.begin(standing)
  const done = await stage.run(standing, 0)
  expect({ code: done.exitCode, errors: done.errors }).toEqual({ code: 0, errors: '' })
  const end = await stage.look(standing, witness)
  expect(judgeEnd(standing, end)).toEqual([])
  // Each step of the journal is written before it begins and again when it has ended; neighbours share a transaction.
  const transactions = done.steps.filter((step) => step === 'after a transaction').length
  expect(transactions).toBeGreaterThan(end.newSteps)
  return { steps: done.steps.length, tree: end.tree }
}

describe('a sync that is killed', () => {
  it.each(PLAYED.map(({ name, thinnedTo }) => ({ name, thinnedTo })))(
    'loses nothing and is finished by the next start: $name',
    { timeout: 3_600_000 },
    async ({ name, thinnedTo }) => {
      const standing = standingOf(name)
      if (!TRIES_EVERY_KILL) {
        const { breaches, wasKilled } = await killAndResume(stage, standing, thinnedTo ?? 1)
        expect({ breaches, wasKilled }).toEqual({ breaches: [], wasKilled: true })
        return
      }
      const { steps, tree } = await playUndisturbed(standing)
      for (let n = 1; ; n += 1) {
        const { breaches, wasKilled, end, where } = await killAndResume(stage, standing, n)
        expect({ where, breaches, tree: end.tree }).toEqual({ where, breaches: [], tree })
        if (!wasKilled) {
          // A step less than the undisturbed run passed would mean that some were never tried.
          expect(n - 1).toBeGreaterThanOrEqual(steps)
          return
        }
        if (n > MOST_KILLS) throw new Error(`${name} still died at step ${MOST_KILLS}`)
      }
    },
  )
})
