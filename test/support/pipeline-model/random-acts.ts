// Acts by chance, weighted so that the rare is not drowned by the common. Plays nothing.

import fc from 'fast-check'
import type { AgentExit } from '../../../src/domain/session/attempt.ts'
import type { Act, AnswerVia, Delivery, Person, PushKind, WorkKind } from './act.ts'
import type { Faults } from './faults.ts'
import type { Death } from './life.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const AT = fc.nat({ max: 2 })

const EXITS: fc.Arbitrary<AgentExit> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<AgentExit>({ kind: 'exited', code: 0 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<AgentExit>(
      { kind: 'exited', code: 1 },
      { kind: 'signalled', signal: 'SIGSEGV' },
      { kind: 'timed_out', afterMs: 1 },
      { kind: 'silent', afterMs: 1 },
      { kind: 'stopped' },
      { kind: 'lost' },
    ),
  },
)

const WORK: fc.Arbitrary<WorkKind> = fc.constantFrom(
  'own_commit',
  'own_commit',
  'shared_commit',
  'dirty',
  'dirty_shared',
  'plan',
  'plan',
  'other_plan',
  'empty_plan',
  'faulty_plan',
  'no_plan',
)

const DELIVERY: fc.Arbitrary<Delivery> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Delivery>('once') },
  { weight: 3, arbitrary: fc.constantFrom<Delivery>('twice', 'late', 'never') },
)

const PUSHES: fc.Arbitrary<PushKind> = fc.constantFrom(
  'clean',
  'conflicting',
  'conflicting',
  'same_change',
  'rewind',
  'delete',
  'restore',
)

const VIA: fc.Arbitrary<AnswerVia> = fc.constantFrom(
  'command',
  'bare',
  'short',
  'button',
  'rest',
  'cli',
  'label',
  'envelope',
)

const MAY: fc.Arbitrary<Person> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<Person>('alice', 'carol') },
  { weight: 1, arbitrary: fc.constantFrom<Person>('bob', 'mallory') },
)

const FAULTS: fc.Arbitrary<Partial<Faults>> = fc.constantFrom<Partial<Faults>>(
  { fetch: 'network' },
  { fetch: 'auth' },
  { push: 'protected' },
  { push: 'network' },
  { pinPush: 'secret_found' },
  { pinPush: 'protected' },
  { pin: true },
  { reset: true },
  { spawn: true },
  { workspace: 'failed' },
  { workspace: 'slow' },
  { inspect: true },
)

/** Deaths by chance. */
export const DEATHS: fc.Arbitrary<Death> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      write: fc.integer({ min: 1, max: 30 }),
      moment: fc.constantFrom<'before' | 'after'>('before', 'after'),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Death>({ write: null, moment: 'agent_started' }) },
)

function weighted(weight: number, arbitrary: fc.Arbitrary<Act>) {
  return { weight, arbitrary }
}

const ANSWER = (
  which: fc.Arbitrary<'open' | number>,
  option: fc.Arbitrary<number | 'wrong'>,
): fc.Arbitrary<Act> =>
  fc.record({
    do: fc.constant('answer'),
    which,
    option,
    by: MAY,
    via: VIA,
    delivery: DELIVERY.map((delivery) => (delivery === 'never' ? 'once' : delivery)),
  })

/** Every act by chance. */
export const ACTS: fc.Arbitrary<Act> = fc.oneof(
  weighted(6, fc.record({ do: fc.constant('run'), by: MAY })),
  weighted(9, fc.record({ do: fc.constant('work'), what: WORK, at: AT })),
  weighted(11, fc.record({ do: fc.constant('end'), exit: EXITS, at: AT })),
  weighted(
    8,
    fc.record({
      do: fc.constant('verdict'),
      verdict: fc.constantFrom('ack', 'ack', 'ack', 'nack', 'garbage', 'nothing'),
      at: AT,
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('ask'), choices: fc.nat({ max: 3 }), at: AT })),
  weighted(6, fc.record({ do: fc.constant('push'), what: PUSHES, delivery: DELIVERY })),
  weighted(10, ANSWER(fc.constant('open'), fc.nat({ max: 3 }))),
  weighted(2, ANSWER(fc.nat({ max: 4 }), fc.nat({ max: 3 }))),
  weighted(1, ANSWER(fc.constant('open'), fc.constant('wrong'))),
  weighted(
    3,
    fc.record({
      do: fc.constant('retry'),
      via: fc.constantFrom('command', 'rest'),
      phase: fc.option(fc.nat({ max: 2 }), { nil: null }),
    }),
  ),
  weighted(2, fc.record({ do: fc.constant('populate'), via: fc.constantFrom('command', 'rest') })),
  weighted(
    1,
    fc.record({ do: fc.constant('cancel'), which: fc.oneof(fc.constant('open'), fc.nat({ max: 3 })) }),
  ),
  weighted(2, fc.constant({ do: 'sync' })),
  weighted(1, fc.record({ do: fc.constant('stop'), by: MAY })),
  weighted(
    2,
    fc.record({
      do: fc.constant('pull_request'),
      to: fc.constantFrom('closed', 'merged', 'open', 'open', 'other_base'),
      delivery: DELIVERY,
    }),
  ),
  weighted(1, fc.record({ do: fc.constant('merge_queue'), isIn: fc.boolean() })),
  weighted(3, fc.record({ do: fc.constant('checks'), are: fc.constantFrom('red', 'red', 'green') })),
  weighted(
    5,
    fc.record({
      do: fc.constant('wait'),
      ms: fc.constantFrom(6_000, 40_000, 3 * MINUTE, 70 * MINUTE, 2 * DAY, 5 * DAY),
    }),
  ),
  weighted(
    4,
    fc.record({
      do: fc.constant('crash'),
      death: DEATHS,
    }),
  ),
  weighted(1, fc.constant({ do: 'kill' })),
  weighted(1, fc.record({ do: fc.constant('quick'), exit: fc.option(EXITS, { nil: null }) })),
  weighted(3, fc.record({ do: fc.constant('fault'), set: FAULTS })),
  weighted(3, fc.constant({ do: 'well' })),
  weighted(
    2,
    fc.record({
      do: fc.constant('trouble'),
      is: fc.constantFrom('detached', 'in_progress', 'missing', 'tampered', null),
    }),
  ),
  weighted(2, fc.constant({ do: 'late_news' })),
  weighted(2, fc.record({ do: fc.constant('repeat_report'), at: fc.nat({ max: 9 }) })),
)
