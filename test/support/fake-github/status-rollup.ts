// What counts of a commit's checks: the newest run of each name, the newest status of each context, and one word for all.
import type { CheckRun } from './check-runs.ts'
import { newestRuns } from './check-suites.ts'
import type { CommitStatus } from './commit-statuses.ts'
import type { FakeRepository } from './repository.ts'

/** GraphQL's words for a status. */
export type RollupState = 'SUCCESS' | 'PENDING' | 'FAILURE' | 'ERROR'

/** One thing in a rollup. */
export type RollupContext =
  | { readonly id: number; readonly kind: 'run'; readonly run: CheckRun }
  | { readonly id: number; readonly kind: 'status'; readonly status: CommitStatus }

/** Returns what counts of a commit, oldest first. */
export function rollupContexts(repository: FakeRepository, sha: string): readonly RollupContext[] {
  const suites = repository.checks.suites.list(sha)
  const runs = suites.flatMap((suite) => newestRuns(suite.runs))
  const contexts: RollupContext[] = [
    ...runs.map((run) => ({ id: run.id, kind: 'run' as const, run })),
    ...repository.statuses.newest(sha).map((status) => ({ id: status.id, kind: 'status' as const, status })),
  ]
  return contexts.toSorted((one, other) => one.id - other.id)
}

/** Returns the worst of what counts, or undefined when nothing was ever reported. */
export function rollupState(repository: FakeRepository, sha: string): RollupState | undefined {
  const states = new Set(rollupContexts(repository, sha).map(stateOf))
  return (['ERROR', 'FAILURE', 'PENDING', 'SUCCESS'] as const).find((worst) => states.has(worst))
}

function stateOf(context: RollupContext): RollupState {
  if (context.kind === 'run') return stateOfRun(context.run)
  const names = { error: 'ERROR', failure: 'FAILURE', pending: 'PENDING', success: 'SUCCESS' } as const
  return names[context.status.state]
}

function stateOfRun({ status, conclusion }: CheckRun): RollupState {
  if (status !== 'completed') return 'PENDING'
  return ['success', 'neutral', 'skipped'].includes(conclusion ?? '') ? 'SUCCESS' : 'FAILURE'
}
