// Random cases as runs of commands: how a case begins, and what happens then. Each act is a command that is left out where
// nothing is there for it.

import fc from 'fast-check'
import { nameOf, type Act } from './act.ts'
import { isPossible } from './perform.ts'
import type { Play } from './play.ts'
import { ACTS, DEATHS } from './random-acts.ts'
import type { PhaseKind, Setup } from './setup.ts'
import { STORIES } from './stories.ts'

const PHASES: fc.Arbitrary<readonly PhaseKind[]> = fc.constantFrom(
  ['work'],
  ['reviewed'],
  ['plan', 'work'],
  ['plan', 'reviewed'],
  ['work', 'reviewed', 'work'],
)

const SETUPS: fc.Arbitrary<Setup> = fc.record({
  phases: PHASES,
  onConflict: fc.constantFrom('reset', 'pause'),
  restarts: fc.constantFrom(0, 1),
  expires: fc.boolean(),
})

/** How a case begins: with a session, since without one there is little to see, or somewhere in a story. */
export interface Beginning {
  readonly setup: Setup
  readonly acts: readonly Act[]
}

const PLAIN: fc.Arbitrary<Beginning> = SETUPS.map((setup) => ({ setup, acts: [{ do: 'run', by: 'alice' }] }))

const IN_A_STORY: fc.Arbitrary<Beginning> = fc
  .record({ story: fc.constantFrom(...STORIES), kept: fc.nat({ max: 12 }), death: fc.option(DEATHS) })
  .map(({ story: { setup, acts }, kept, death }) => {
    const crash: readonly Act[] = death === null ? [] : [{ do: 'crash', death }]
    const at = Math.max(0, acts.length - kept)
    return { setup, acts: [...acts.slice(0, at), ...crash, ...acts.slice(at)] }
  })

export const BEGINNINGS: fc.Arbitrary<Beginning> = fc.oneof(PLAIN, IN_A_STORY)

/** What the commands are judged by: the play itself, which looks at the world after each. */
export interface Model {
  readonly play: Play
}

/** An act as a command of a random run. */
class ActCommand implements fc.AsyncCommand<Model, Play, true> {
  readonly act: Act

  constructor(act: Act) {
    this.act = act
  }

  check({ play }: Model): Promise<boolean> {
    return Promise.resolve(isPossible(this.act, play.view))
  }

  run(_: Model, play: Play): Promise<void> {
    return play.act(this.act)
  }

  toString(): string {
    return `${nameOf(this.act)} ${JSON.stringify(this.act)}`
  }

  toJSON(): Act {
    return this.act
  }
}

/** Random runs of commands; `replayPath` plays a shrunk one again. */
export function runsOfActs(replayPath: string | null) {
  return fc.commands<Model, Play, true>([ACTS.map((act) => new ActCommand(act))], {
    maxCommands: 60,
    size: 'max',
    ...(replayPath === null ? {} : { replayPath }),
  })
}
