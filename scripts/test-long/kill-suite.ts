// The long test of kills: scenes and durable steps by chance, until the time is up.

import { killAndResume } from '../../test/support/faults/kill-and-resume.ts'
import { KILL_SCENES } from '../../test/support/faults/kill-scenes.ts'
import { KillStage } from '../../test/support/faults/kill-stage.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

/** About as many durable steps as the longest scene has; more kill nobody, which is counted. */
const MOST_STEPS = 64
const MOST_FAILURES = 5
const STRIDE = 1_103_515_245
const MODULUS = 2 ** 31

export const KILL_SUITE: Suite = { name: 'kills', run: runKills }

/** A path is `<scene>:<step>`. */
async function runKills(order: SuiteOrder): Promise<SuiteResult> {
  const stage = await KillStage.build(KILL_SCENES)
  const killed: Record<string, number> = {}
  const failures: SuiteFailure[] = []
  let cases = 0
  let chance = order.seed
  try {
    do {
      const [at, step] =
        order.path === null ? draw((chance = next(chance))) : order.path.split(':').map(Number)
      const standing = stage.scenes[(at ?? 0) % stage.scenes.length]
      if (standing === undefined) throw new Error('There is no scene')
      const { breaches, wasKilled } = await killAndResume(stage, standing, step ?? 1)
      cases += 1
      const { name } = standing.scene
      if (wasKilled) killed[name] = (killed[name] ?? 0) + 1
      const path = `${stage.scenes.indexOf(standing)}:${step ?? 1}`
      if (breaches.length > 0) {
        const failure = failureOf(order.seed, path, breaches)
        failures.push(failure)
        order.failed(failure)
      }
      order.progress(`${cases} cases, ${failures.length} failed`)
    } while (order.path === null && failures.length < MOST_FAILURES && performance.now() < order.until)
  } finally {
    await stage.remove()
  }
  const kills = Object.values(killed).reduce((sum, count) => sum + count, 0)
  return { cases, failures, counts: { kills: killed }, summary: [`${cases} cases, ${kills} kills`] }
}

function next(chance: number): number {
  return Number((BigInt(chance) * BigInt(STRIDE) + 12_345n) % BigInt(MODULUS))
}

/** The low bits of such a sequence repeat soon. */
function draw(chance: number): readonly [number, number] {
  const high = chance >>> 8
  return [high % KILL_SCENES.length, 1 + (Math.floor(high / KILL_SCENES.length) % MOST_STEPS)]
}

function failureOf(seed: number, path: string, breaches: readonly string[]): SuiteFailure {
  const replay = `npm run test:long -- --suite kills --seed ${seed} --path ${path}`
  return { message: breaches.join('\n'), counterexample: path, replay }
}
