// What stories of pipelines that are killed are made of: configurations, agents, beginnings, what people do. Holds no story.

import type { LifecycleType } from '../../../src/domain/lifecycle.ts'
import { eventually } from '../eventually.ts'
import { git } from '../temp-repo.ts'
import type { Deed, Place } from './pipeline-story.ts'

export type Ground = Omit<Place, 'session'>

export const REST = { actor: 'ci', via: 'rest' } as const
export const FAILED: readonly LifecycleType[] = ['phase.failed', 'pipeline.failed', 'decision.created']
export const DONE: readonly LifecycleType[] = ['phase.started', 'phase.completed', 'pipeline.completed']

/** One phase; an agent that nobody saw end is started again. */
export const ONE_PHASE = 'agent: worker\nphases:\n  - name: implement\n    restarts: 8\n'
export const TWO_PHASES = `agent: worker\nphases:\n  - name: plan\n    produces: contract\n    restarts: 8\n  - name: implement\n    restarts: 8\n`
export const PLAN = '# Plan\n\n- [ ] **rope**: Buy a rope\n- [ ] **knot**: Tie a knot\n'

/** Ties the same knot as alice, until it has her work under it. */
export const TIES = `if [ -f hers.txt ]; then commit after.txt "$BELAY_ATTEMPT"; else commit knot.txt mine; gate; fi`
export const FAILS = 'echo half >half.txt; gate; exit 7'

export async function run({ bench, pr }: Ground): Promise<void> {
  await bench.say(pr, 'alice', '/belay run')
}

/** Lets the agents end; what follows from it is not done yet. */
export async function letEnd({ bench, agents, pr }: Ground): Promise<void> {
  await agents.letGo(pr.number)
  await bench.watch.attemptsOver()
}

export async function runToEnd(ground: Ground): Promise<void> {
  await run(ground)
  await letEnd(ground)
}

/** The agent has committed, and alice has pushed another change of the same line. */
export async function conflict(ground: Ground): Promise<void> {
  const { bench, branch } = ground
  await run(ground)
  const { id } = await bench.session(ground.pr)
  await eventually(async () => (await headSubject(ground, id)) === 'Write knot.txt', {
    what: 'the agent commits',
  })
  const files = { 'knot.txt': 'tied by alice\n', 'hers.txt': 'hers\n' }
  await bench.repo.push({ by: 'alice', branch, files, message: 'Tie it better' })
  await bench.settle()
  await letEnd(ground)
}

async function headSubject({ bench }: Ground, sessionId: string): Promise<string> {
  return git(bench.tree(sessionId), 'log', '-1', '--format=%s')
}

/** A comment is on GitHub from then on, whether anybody listens or not. */
export function says(body: string, before: (place: Place) => Promise<unknown> = async () => undefined): Deed {
  return {
    name: body,
    outlives: true,
    isTime: ({ open }) => open !== null,
    wasTaken: ({ open, decisions }) => decisions.length > 0 && open === null,
    async act(place) {
      await before(place)
      await place.pr.comment('alice', body)
    },
  }
}

/** An answer to whatever question is open, given through the REST interface. */
export function answers(option: string): Deed {
  return {
    name: `${option} by REST`,
    outlives: false,
    isTime: ({ open }) => open !== null,
    wasTaken: ({ open, decisions }) => decisions.length > 0 && open === null,
    act: ({ bench }, { pipeline, open }) =>
      bench.answer({ pipelineId: pipeline.id, decisionId: open?.id ?? '', answer: option, via: 'rest' }),
  }
}
