// Check suites: one per app and commit, with or without runs; status and conclusion follow from the newest runs.
import type { CheckRun } from './check-runs.ts'
import { nodeId } from './ids.ts'
import type { FakeRepository } from './repository.ts'
import type { FakeApp, World } from './world.ts'

/** All runs of one app for one commit. */
export interface CheckSuite {
  readonly id: number
  readonly nodeId: string
  readonly app: FakeApp
  readonly repository: FakeRepository
  readonly headSha: string
  readonly createdAt: string
  updatedAt: string
  /** Every run, also those that a rerun replaced, oldest first. */
  readonly runs: CheckRun[]
}

/** Where a suite stands. */
export interface SuiteState {
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: string | null
}

// The worst conclusion of a run is the conclusion of the suite.
const worstFirst = [
  'failure',
  'startup_failure',
  'timed_out',
  'cancelled',
  'action_required',
  'stale',
  'success',
  'neutral',
  'skipped',
]

/** The check suites of one repository. */
export class CheckSuites {
  readonly #byKey = new Map<string, CheckSuite>()
  readonly #repository: FakeRepository
  readonly #world: World

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
  }

  /** Returns the suite of an app and a commit, made now when there was none; a new one has no runs. */
  of(app: FakeApp, headSha: string): CheckSuite {
    const key = `${headSha} ${app.id}`
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const id = this.#world.ids.next()
    const createdAt = this.#world.clock.nowIso()
    const times = { createdAt, updatedAt: createdAt }
    const repository = this.#repository
    const suite = { id, nodeId: nodeId('CS', id), app, repository, headSha, ...times, runs: [] }
    this.#byKey.set(key, suite)
    return suite
  }

  /** Returns the suites of a commit, oldest first. */
  list(headSha: string): readonly CheckSuite[] {
    return [...this.#byKey.values()].filter((suite) => suite.headSha === headSha)
  }

  /** Returns the suite with this id. */
  find(id: number): CheckSuite | undefined {
    return [...this.#byKey.values()].find((suite) => suite.id === id)
  }
}

/** Returns of equal names only the newest run. */
export function newestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  return [...new Map(runs.map((run) => [`${run.suiteId} ${run.name}`, run])).values()]
}

/** Returns where a suite stands; without runs it waits. */
export function suiteState({ runs }: CheckSuite): SuiteState {
  const newest = newestRuns(runs)
  if (newest.every(({ status }) => status === 'queued')) return { status: 'queued', conclusion: null }
  if (newest.some(({ status }) => status !== 'completed')) return { status: 'in_progress', conclusion: null }
  const conclusions = new Set(newest.map(({ conclusion }) => conclusion))
  return { status: 'completed', conclusion: worstFirst.find((worst) => conclusions.has(worst)) ?? 'neutral' }
}
