// A story for every row of the tables: how each question comes to be, each of its answers, and each change of a status that
// chance seldom brings. The same acts that random cases are made of, in an order that leads there.

import type { Act, AnswerVia } from './act.ts'
import { ASKED, LEFT_BEHIND } from './asked.ts'
import type { Setup } from './setup.ts'
import {
  RUN,
  WELL,
  REST,
  ENDS_WELL,
  FAILS,
  ACCEPTS,
  OWN,
  SHARED,
  PLANS,
  CONFLICTS,
  DELETES,
  RETRY,
  FROM_FIRST,
  BROKEN_GIT,
  SLOW_CLONE,
  STOP,
  WORK,
  PAUSING,
  REVIEWED,
  PLANNED,
  THREE,
  setup,
} from './story-acts.ts'

export interface Story {
  readonly name: string
  readonly setup: Setup
  readonly acts: readonly Act[]
}

const CLIENTS: readonly AnswerVia[] = ['command', 'button', 'rest', 'label', 'envelope', 'cli']

/** Each answer of each question, by one client after the other. */
const ANSWERED: readonly Story[] = ASKED.flatMap(
  ({ name, acts, options, before = [], setup: configured }, at) =>
    Array.from({ length: options }, (_, option): Story => {
      const via = CLIENTS[(at + option) % CLIENTS.length] ?? 'command'
      const answer: Act = { do: 'answer', which: 'open', option, by: 'carol', via, delivery: 'twice' }
      return {
        name: `${name}, answer ${option + 1} by ${via}`,
        setup: configured,
        acts: [...acts, ...before, answer, OWN, ENDS_WELL],
      }
    }),
)

const TO_SECOND: readonly Act[] = [RUN, OWN, ENDS_WELL]
const ABORTS: Act = { do: 'answer', which: 'open', option: 1, by: 'alice', via: 'bare', delivery: 'once' }

const ANSWERS: Act = { do: 'answer', which: 'open', option: 0, by: 'alice', via: 'rest', delivery: 'once' }

/** What happens between the questions. */
const MOVED: readonly Story[] = [
  {
    name: 'a workspace that can not be made',
    setup: WORK,
    acts: [{ do: 'fault', set: { workspace: 'failed' } }, RUN],
  },
  { name: 'a stop before there is a workspace', setup: WORK, acts: [SLOW_CLONE, RUN, STOP] },
  {
    name: 'a worktree that can not be read at the start',
    setup: WORK,
    acts: [BROKEN_GIT, RUN, REST, WELL, RETRY],
  },
  {
    name: 'a worktree that can not be read at the end',
    setup: WORK,
    acts: [RUN, OWN, BROKEN_GIT, ENDS_WELL, REST, WELL, RETRY],
  },
  {
    name: 'a wish to begin again between two attempts',
    setup: setup(['work'], { restarts: 1 }),
    acts: [RUN, FAILS, RETRY],
  },
  {
    name: 'a wish to begin again before the first attempt',
    setup: WORK,
    acts: [{ do: 'fault', set: { fetch: 'network' } }, RUN, RETRY],
  },
  {
    name: 'a branch that diverges before the first attempt',
    setup: WORK,
    acts: [...LEFT_BEHIND, SLOW_CLONE, RUN, CONFLICTS, WELL],
  },
  {
    name: 'a branch that diverges before the first attempt, and pauses',
    setup: PAUSING,
    acts: [...LEFT_BEHIND, SLOW_CLONE, RUN, CONFLICTS, WELL],
  },
  { name: 'a wish for an earlier phase', setup: THREE, acts: [...TO_SECOND, FAILS, FROM_FIRST] },
  {
    name: 'a wish for the first of three phases',
    setup: THREE,
    acts: [...TO_SECOND, OWN, ENDS_WELL, FAILS, FROM_FIRST],
  },
  {
    name: 'a wish for an earlier phase after one was given up',
    setup: THREE,
    acts: [...TO_SECOND, BROKEN_GIT, ENDS_WELL, REST, WELL, FROM_FIRST],
  },
  {
    name: 'a wish for an earlier phase after one was aborted',
    setup: setup(['work', 'work']),
    acts: [...TO_SECOND, FAILS, ABORTS, FROM_FIRST],
  },
  {
    name: 'a wish for the tasks before there is a workspace',
    setup: PLANNED,
    acts: [
      RUN,
      PLANS,
      ENDS_WELL,
      OWN,
      ENDS_WELL,
      SLOW_CLONE,
      RUN,
      { do: 'trouble', is: 'tampered' },
      { do: 'populate', via: 'rest' },
    ],
  },
  {
    name: 'a plan that becomes tasks',
    setup: PLANNED,
    acts: [RUN, PLANS, ENDS_WELL, OWN, ENDS_WELL, { do: 'populate', via: 'rest' }],
  },
  { name: 'a wish to begin again after an end', setup: WORK, acts: [RUN, FAILS, ABORTS, RETRY] },
  {
    name: 'a branch that is gone after an abort, with work that nobody accepted',
    setup: REVIEWED,
    acts: [RUN, OWN, FAILS, ABORTS, DELETES, ANSWERS],
  },
  {
    name: 'a branch that is gone before anybody reviewed',
    setup: REVIEWED,
    acts: [RUN, OWN, DELETES, ANSWERS, OWN, ENDS_WELL],
  },
  {
    name: 'a branch that is gone when the agent has ended',
    setup: REVIEWED,
    acts: [RUN, OWN, { do: 'push', what: 'delete', delivery: 'never' }, ENDS_WELL, ANSWERS],
  },
  {
    name: 'a reviewer that fails, and an abort',
    setup: REVIEWED,
    acts: [RUN, OWN, ENDS_WELL, FAILS, ABORTS],
  },
  {
    name: 'a reviewer that fails, and another try',
    setup: REVIEWED,
    acts: [RUN, OWN, ENDS_WELL, FAILS, ANSWERS, ACCEPTS, ACCEPTS],
  },
  { name: 'an agreement', setup: REVIEWED, acts: [RUN, OWN, ENDS_WELL, ACCEPTS, ACCEPTS] },
  { name: 'a session that ends with a question', setup: WORK, acts: [RUN, FAILS, STOP] },
  {
    name: 'a session that ends with a pause',
    setup: PAUSING,
    acts: [RUN, SHARED, CONFLICTS, ENDS_WELL, STOP],
  },
  {
    name: 'a question nobody answers',
    setup: setup(['work'], { expires: true }),
    acts: [RUN, FAILS, { do: 'wait', ms: 5 * 86_400_000 }],
  },
  { name: 'an agent that is lost', setup: WORK, acts: [RUN, { do: 'kill' }] },
]

const DIES_WITH_AGENT: Act = { do: 'crash', death: { write: null, moment: 'agent_started' } }
const EXITS = [{ kind: 'exited', code: 0 }, { kind: 'exited', code: 1 }, { kind: 'stopped' }] as const

/** Agents that end before it is written that they were started, and those whose start nobody lives to see. */
const QUICK: readonly Story[] = [
  { name: 'an agent whose start nobody lives to see', setup: WORK, acts: [DIES_WITH_AGENT, RUN] },
  ...EXITS.map((exit) => ({
    name: `an agent that ended before its start was written: ${exit.kind}`,
    setup: WORK,
    acts: [{ do: 'quick', exit }, DIES_WITH_AGENT, RUN, { do: 'quick', exit: null }] as const,
  })),
]

export const STORIES: readonly Story[] = [...ANSWERED, ...MOVED, ...QUICK]

/**
 * Returns a story in which the program dies at a write of its last acts, so many of them.
 *
 * Of each write the moment before it and the one after it count: both leave other things done outside the database.
 */
export function withDeath(story: Story, at: { readonly last: number; readonly write: number }): Story {
  const kept = Math.max(0, story.acts.length - at.last)
  const moment = at.write % 2 === 0 ? 'before' : 'after'
  const write = Math.ceil(at.write / 2)
  const crash: Act = { do: 'crash', death: { write, moment } }
  return {
    ...story,
    name: `${story.name}, death ${moment} write ${write}`,
    acts: [...story.acts.slice(0, kept), crash, ...story.acts.slice(kept)],
  }
}
