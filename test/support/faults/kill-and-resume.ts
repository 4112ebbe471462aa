// Kills a scene at one durable step, lets the next start finish it, and says in words what is not as it must be.

import type { StandingScene } from './kill-scene.ts'
import type { KillStage, SceneEnd } from './kill-stage.ts'

export interface Resumed {
  readonly wasKilled: boolean
  /** Where the kill came, and how the scene looks then. */
  readonly where: string
  readonly end: SceneEnd
  /** Nothing when all is well. */
  readonly breaches: readonly string[]
}

/** Kills at the n-th durable step, counted from 1; a greater n than there are steps kills nobody. */
export async function killAndResume(stage: KillStage, standing: StandingScene, n: number): Promise<Resumed> {
  const { scene } = standing
  const witness = await stage.begin(standing)
  const killed = await stage.run(standing, n)
  const where = `${scene.name}, killed at step ${n} (${killed.steps.at(-1) ?? 'none'})`
  const half = await stage.look(standing, witness)
  const errors = await stage.resume(standing)
  const end = await stage.look(standing, witness)
  const died =
    killed.wasKilled || killed.exitCode === 0 ? [] : [`It ended with ${killed.exitCode}: ${killed.errors}`]
  return {
    wasKilled: killed.wasKilled,
    where,
    end,
    breaches: [
      ...died,
      ...half.losses.map((loss) => `Right after the kill:\n${loss}`),
      ...errors.map((error) => `The next start logged: ${error}`),
      ...judgeEnd(standing, end),
    ].map((breach) => `${where}: ${breach}`),
  }
}

/** Returns what is wrong with the end of a scene, interrupted or not. */
export function judgeEnd({ scene }: StandingScene, end: SceneEnd): readonly string[] {
  const unfinished = end.operations.filter(({ state }) => state === 'planned' || state === 'running')
  const last = end.operations.findLast(({ purpose, state }) => purpose === 'sync' && state !== 'interrupted')
  // A move that was all but written down is found done by the next start.
  const possible = [scene.ends, 'already_in_sync', ...(scene.mayEnd ?? [])]
  const isRightCase = scene.ends === null || possible.includes(last?.case ?? null)
  return [
    ...end.losses,
    ...unfinished.map(({ purpose, case: name }) => `The operation ${purpose} ${name ?? ''} is not finished.`),
    ...(isRightCase ? [] : [`It ended with ${last?.case ?? 'no case'} and not with ${scene.ends}.`]),
    ...(end.openQuestions.length === (scene.asks ? 1 : 0)
      ? []
      : [`${end.openQuestions.length} questions are open.`]),
  ]
}
