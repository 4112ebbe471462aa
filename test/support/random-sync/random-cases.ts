// The generator: any history can come out, the telling ones more often. Knows fast-check and the operations only.

import fc from 'fast-check'
import {
  FILE_CHANGES,
  HOST_MOODS,
  OWN_COMMITS,
  REMOTE_MOVES,
  WORKTREE_STATES,
  type FileChange,
  type Operation,
  type RandomCase,
} from './operations.ts'

const MOST_OPERATIONS = 14

const fileChange: fc.Arbitrary<FileChange> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('edit', 'replace') },
    { weight: 2, arbitrary: fc.constantFrom(...FILE_CHANGES) },
  ),
  // The first paths are in every repository, so both sides meet there often.
  at: fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, { weight: 2, arbitrary: fc.nat(15) }),
  line: fc.nat(7),
})

const changes = fc.array(fileChange, { minLength: 1, maxLength: 3 })

const ownCommit: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('own_commit'),
  as: fc.oneof(
    { weight: 4, arbitrary: fc.constant('plain') },
    { weight: 1, arbitrary: fc.constantFrom(...OWN_COMMITS) },
  ),
  changes,
})

const disturb: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('disturb'),
  state: fc.oneof(
    {
      weight: 2,
      arbitrary: fc.constantFrom('unstaged', 'staged', 'staged_and_edited', 'untracked', 'ignored'),
    },
    { weight: 3, arbitrary: fc.constantFrom(...WORKTREE_STATES) },
  ),
  changes,
})

const remote: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('remote'),
  move: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('commit', 'conflict') },
    { weight: 3, arbitrary: fc.constantFrom(...REMOTE_MOVES.filter((move) => move !== 'delete')) },
    { weight: 1, arbitrary: fc.constantFrom(...REMOTE_MOVES) },
  ),
  changes,
  depth: fc.nat(2),
  isTold: fc.boolean(),
})

const race: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('race'),
  who: fc.constantFrom('person', 'agent', 'writer'),
  atStep: fc.nat(8),
  times: fc.integer({ min: 1, max: 4 }),
  changes,
})

const kill: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('kill'),
  moment: fc.constantFrom('before', 'after'),
  atStep: fc.nat(9),
  again: fc.option(fc.nat(6), { nil: null, freq: 3 }),
})

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: ownCommit },
  { weight: 5, arbitrary: disturb },
  { weight: 8, arbitrary: remote },
  { weight: 1, arbitrary: race },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('host'), mood: fc.constantFrom(...HOST_MOODS) }) },
  { weight: 2, arbitrary: kill },
  { weight: 3, arbitrary: fc.constant({ do: 'run' }) },
  { weight: 5, arbitrary: fc.constant({ do: 'end_attempt' }) },
  { weight: 6, arbitrary: fc.constant({ do: 'sync' }) },
  // The first option is the one that goes on.
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      option: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(5) }),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'cure' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'collect_garbage' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' }) },
) as fc.Arbitrary<Operation>

/** Every case the generator can make. */
export const RANDOM_CASES: fc.Arbitrary<RandomCase> = fc.noBias(
  fc.record({
    onConflict: fc.constantFrom('reset', 'reset', 'pause'),
    pushBackups: fc.constantFrom('head', 'head', 'none'),
    exits: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 3, maxLength: 3 }),
    beginsIdle: fc.boolean(),
    operations: fc.array(operation, { minLength: 3, maxLength: MOST_OPERATIONS, size: 'max' }),
  }),
)
