// The long test of kills: scenes of syncs and stories of pipelines, and their durable steps, by chance, until the time is
// up.

import { killAndResume } from '../../test/support/faults/kill-and-resume.ts'
import { KILL_SCENES } from '../../test/support/faults/kill-scenes.ts'
import { KillStage } from '../../test/support/faults/kill-stage.ts'
import { drawStory, StoryKills } from './story-kills.ts'
import type { Suite, SuiteFailure, SuiteOrder, SuiteResult } from './suite.ts'

/** About as many durable steps as the longest scene has; more kill nobody, which is counted. */
const MOST_STEPS = 64
const MOST_FAILURES = 5
const STRIDE = 1_103_515_245
const MODULUS = 2 ** 31

export const KILL_SUITE: Suite = { name: 'kills', run: runKills }

interface KillCase {
  readonly kind: 'scene' | 'story'
  readonly index: number
  readonly at: number
}

interface KilledCase {
  readonly name: string
  readonly kills: number
  readonly breaches: readonly string[]
}

/** A path is `scene:<scene>:<step>` or `story:<story>:<place>`. */
async function runKills(order: SuiteOrder): Promise<SuiteResult> {
  const stage = await KillStage.build(KILL_SCENES)
  const stories = new StoryKills()
  const killed: Record<string, number> = {}
  const failures: SuiteFailure[] = []
  let cases = 0
  let chance = order.seed
  try {
    do {
      chance = next(chance)
      const drawn = order.path === null ? draw(chance, cases) : readPath(order.path)
      const { name, kills, breaches } = await play(drawn, { stage, stories })
      cases += 1
      killed[name] = (killed[name] ?? 0) + kills
      if (breaches.length > 0) {
        const failure = failureOf(order.seed, pathOf(drawn), breaches)
        failures.push(failure)
        order.failed(failure)
      }
      order.progress(`${cases} cases, ${failures.length} failed`)
    } while (order.path === null && failures.length < MOST_FAILURES && performance.now() < order.until)
  } finally {
    await stories.close()
    await stage.remove()
  }
  const kills = Object.values(killed).reduce((sum, count) => sum + count, 0)
  return { cases, failures, counts: { kills: killed }, summary: [`${cases} cases, ${kills} kills`] }
}

async function play(
  { kind, index, at }: KillCase,
  { stage, stories }: { readonly stage: KillStage; readonly stories: StoryKills },
): Promise<KilledCase> {
  if (kind === 'story') {
    const { name, deaths: kills, breaches } = await stories.play({ story: index, at })
    return { name, kills, breaches }
  }
  const standing = stage.scenes[index % stage.scenes.length]
  if (standing === undefined) throw new Error('There is no scene')
  const { breaches, wasKilled } = await killAndResume(stage, standing, at)
  return { name: standing.scene.name, kills: wasKilled ? 1 : 0, breaches }
}

function next(chance: number): number {
  return Number((BigInt(chance) * BigInt(STRIDE) + 12_345n) % BigInt(MODULUS))
}

/** Scenes and stories take turns. The low bits of such a sequence repeat soon. */
function draw(chance: number, cases: number): KillCase {
  const high = chance >>> 8
  if (cases % 2 === 1) {
    const { story: index, at } = drawStory(high)
    return { kind: 'story', index, at }
  }
  const at = 1 + (Math.floor(high / KILL_SCENES.length) % MOST_STEPS)
  return { kind: 'scene', index: high % KILL_SCENES.length, at }
}

function pathOf({ kind, index, at }: KillCase): string {
  return `${kind}:${index}:${at}`
}

function readPath(path: string): KillCase {
  const [kind, index, at] = path.split(':')
  return { kind: kind === 'story' ? 'story' : 'scene', index: Number(index ?? 0), at: Number(at ?? 1) }
}

function failureOf(seed: number, path: string, breaches: readonly string[]): SuiteFailure {
  const replay = `npm run test:long -- --suite kills --seed ${seed} --path ${path}`
  return { message: breaches.join('\n'), counterexample: path, replay }
}
