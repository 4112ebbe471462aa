// Check runs: created and changed by apps, with buttons that people press. A completed run stays completed.
import { nodeId } from './ids.ts'
import { toCheckRunJson } from './json/check-run-json.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'
import type { FakeApp, World } from './world.ts'

/** A button on a check run. */
export interface CheckAction {
  readonly label: string
  readonly description: string
  readonly identifier: string
}

/** The text of a check run. */
export interface CheckOutput {
  readonly title: string | null
  readonly summary: string | null
  readonly text: string | null
}

/** The part of a check run that an app may set. */
export interface CheckRunFields {
  readonly name: string
  readonly status: 'queued' | 'in_progress' | 'completed'
  readonly conclusion: string | null
  readonly externalId: string
  readonly detailsUrl: string | null
  readonly startedAt: string
  readonly completedAt: string | null
  readonly output: CheckOutput
  readonly actions: readonly CheckAction[]
}

/** A check run of one commit. */
export interface CheckRun extends CheckRunFields {
  readonly id: number
  readonly nodeId: string
  readonly suiteId: number
  readonly app: FakeApp
  readonly repository: FakeRepository
  readonly headSha: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** What a new check run needs at least. */
export type NewCheckRun = Partial<CheckRunFields> & {
  readonly app: FakeApp
  readonly headSha: string
  readonly name: string
  /** The account that webhooks name as sender. */
  readonly sender: Account
}

/** The check runs of one repository, oldest first. */
export class CheckRuns {
  readonly #world: World
  readonly #repository: FakeRepository
  readonly #runs: CheckRun[] = []
  readonly #suites = new Map<string, number>()

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
  }

  /** Returns all runs, or those of one commit. */
  list(headSha?: string): readonly CheckRun[] {
    return this.#runs.filter((run) => headSha === undefined || run.headSha === headSha)
  }

  /** Returns the run with this id. */
  find(id: number): CheckRun | undefined {
    return this.#runs.find((run) => run.id === id)
  }

  /** Adds a run and sends `check_run.created`, and `completed` when it is born so. */
  create({ app, headSha, sender, ...fields }: NewCheckRun): CheckRun {
    const id = this.#world.ids.next()
    const now = this.#world.clock.nowIso()
    const run: CheckRun = withCompletion(now, {
      id,
      nodeId: nodeId('CR', id),
      suiteId: this.#suiteOf(app, headSha),
      app,
      repository: this.#repository,
      headSha,
      createdAt: now,
      updatedAt: now,
      status: 'queued',
      conclusion: null,
      externalId: '',
      detailsUrl: null,
      startedAt: now,
      completedAt: null,
      output: { title: null, summary: null, text: null },
      actions: [],
      ...fields,
    })
    this.#runs.push(run)
    this.#send('created', run, sender)
    if (run.status === 'completed') this.#send('completed', run, sender)
    return run
  }

  /** Changes a run and sends `check_run.completed` when this completes it. */
  update(run: CheckRun, sender: Account, fields: Partial<CheckRunFields>): CheckRun {
    const now = this.#world.clock.nowIso()
    const changed = withCompletion(now, { ...run, ...fields, updatedAt: now })
    this.#runs.splice(this.#runs.indexOf(run), 1, changed)
    if (run.status !== 'completed' && changed.status === 'completed') this.#send('completed', changed, sender)
    return changed
  }

  /** Presses a button and sends `check_run.requested_action`. */
  press(by: Account, runId: number, identifier: string): void {
    const run = this.find(runId)
    if (run === undefined) throw new Error(`No check run ${runId} in ${this.#repository.fullName}.`)
    const action = run.actions.find((candidate) => candidate.identifier === identifier)
    if (action === undefined) {
      const shown = run.actions.map((candidate) => candidate.identifier).join(', ') || 'no buttons'
      throw new Error(`Check run ${runId} has no button "${identifier}"; it shows ${shown}.`)
    }
    this.#send('requested_action', run, by, identifier)
  }

  #suiteOf(app: FakeApp, headSha: string): number {
    const key = `${app.id} ${headSha}`
    const suiteId = this.#suites.get(key) ?? this.#world.ids.next()
    this.#suites.set(key, suiteId)
    return suiteId
  }

  #send(action: string, run: CheckRun, sender: Account, identifier?: string): void {
    const requested = identifier === undefined ? {} : { requested_action: { identifier } }
    const payload = { action, check_run: toCheckRunJson(run), ...requested }
    this.#repository.send({ event: 'check_run', payload, sender })
  }
}

// A conclusion completes a run, and completing it stamps the time, as on GitHub.
function withCompletion(now: string, run: CheckRun): CheckRun {
  const isCompleted = run.status === 'completed' || run.conclusion !== null
  if (!isCompleted) return run
  return { ...run, status: 'completed', completedAt: run.completedAt ?? now }
}
