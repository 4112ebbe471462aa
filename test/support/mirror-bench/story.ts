// What can happen in a random case, as plain data, and the generator of cases. Plays nothing.

import fc from 'fast-check'

/** What people and apps do on GitHub. */
export const ACTS = [
  'thread',
  'reply',
  'review',
  'edit_comment',
  'delete_comment',
  'resolve',
  'reopen',
  'minimize',
  'unminimize',
  'edit_review',
  'dismiss',
  'comment',
  'check',
  'finish_check',
  'rerun',
  'status',
  'old_check',
  'own_check',
  'suite',
  'push',
  'push_base',
  'title',
  'draft',
  'base',
  'auto_merge',
  'queue',
] as const
export type ActName = (typeof ACTS)[number]

/** What goes wrong with the next reads. */
export const FAULTS = [
  'lost_object',
  'lost_node',
  'lost_page',
  'short_page',
  'server_error',
  'large_pages',
  'cut',
  'secondary_limit',
  'primary_limit',
  'lagging_read',
  'stale_payload',
] as const
export type FaultName = (typeof FAULTS)[number]

/** `pick` and `way` choose among what there is when the step is played. */
export type Step =
  | { readonly do: ActName; readonly pr: number; readonly pick: number; readonly way: number }
  | { readonly do: 'fault'; readonly fault: FaultName; readonly times: number; readonly way: number }
  /** Lets so many of the webhooks that are under way arrive, in any order. */
  | { readonly do: 'deliver'; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'sweep' }

/** A story of one or two pull requests, and how badly GitHub's webhooks travel. */
export interface MirrorCase {
  readonly prs: 1 | 2
  /** Decides what happens to each webhook. */
  readonly seed: number
  readonly copies: number
  /** Of a hundred webhooks so many are lost. */
  readonly lost: number
  readonly steps: readonly Step[]
}

const FEWEST_STEPS = 6
const MOST_STEPS = 40

const anyAct = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<ActName>('thread', 'thread', 'review', 'check') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<ActName>('edit_comment', 'resolve', 'reopen', 'edit_review', 'finish_check'),
  },
  { weight: 6, arbitrary: fc.constantFrom<ActName>(...ACTS.filter((act) => act !== 'push_base')) },
  { weight: 1, arbitrary: fc.constantFrom<ActName>('push', 'push', 'push_base') },
)

const act: fc.Arbitrary<Step> = fc.record({
  do: anyAct,
  pr: fc.nat(1),
  pick: fc.nat(9),
  way: fc.nat(9),
})

const fault: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('fault' as const),
  fault: fc.constantFrom(...FAULTS),
  times: fc.integer({ min: 1, max: 3 }),
  way: fc.nat(99),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: act },
  { weight: 3, arbitrary: fault },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(500, 2_500, 12_000, 12_000, 12_000),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
)

/** Every case the generator can make. */
export const MIRROR_CASES: fc.Arbitrary<MirrorCase> = fc.noBias(
  fc.record({
    prs: fc.constantFrom(1, 1, 2),
    seed: fc.nat(2 ** 30),
    copies: fc.integer({ min: 1, max: 3 }),
    lost: fc.constantFrom(0, 10, 30),
    steps: fc.array(step, { minLength: FEWEST_STEPS, maxLength: MOST_STEPS, size: 'max' }),
  }),
)
