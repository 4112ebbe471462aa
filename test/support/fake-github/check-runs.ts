// Check runs: created and changed by apps, with buttons that people press. A completed run stays completed; running
// again makes a new run of the same name.
import { CheckSuites, suiteState } from './check-suites.ts'
import type { CheckSuite } from './check-suites.ts'
import { nodeId } from './ids.ts'
import { toCheckRunJson } from './json/check-run-json.ts'
import { toCheckSuiteEventJson } from './json/check-suite-json.ts'
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

/** A remark of a check on lines of a file. */
export interface CheckAnnotation {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly level: 'notice' | 'warning' | 'failure'
  readonly message: string
  readonly title: string | null
  readonly rawDetails: string | null
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
  readonly annotations: readonly CheckAnnotation[]
  readonly actions: readonly CheckAction[]
}

/** A check run of one commit. */
export interface CheckRun extends CheckRunFields {
  readonly id: number
  readonly nodeId: string
  readonly suiteId: number
  readonly suite: CheckSuite
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
  readonly suites: CheckSuites
  readonly #world: World
  readonly #repository: FakeRepository
  readonly #runs = new Map<number, CheckRun>()

  constructor(world: World, repository: FakeRepository) {
    this.#world = world
    this.#repository = repository
    this.suites = new CheckSuites(world, repository)
  }

  /** Returns all runs, or those of one commit. */
  list(headSha?: string): readonly CheckRun[] {
    return [...this.#runs.values()].filter((run) => headSha === undefined || run.headSha === headSha)
  }

  /** Returns the run with this id. */
  find(id: number): CheckRun | undefined {
    return this.#runs.get(id)
  }

  /** Adds a run and sends `check_run.created`, and `completed` when it is born so. */
  create({ app, headSha, sender, ...fields }: NewCheckRun): CheckRun {
    const id = this.#world.ids.next()
    const now = this.#world.clock.nowIso()
    const suite = this.suites.of(app, headSha)
    const run: CheckRun = withCompletion(now, {
      id,
      nodeId: nodeId('CR', id),
      suiteId: suite.id,
      suite,
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
      annotations: [],
      actions: [],
      ...fields,
    })
    this.#runs.set(id, run)
    suite.runs.push(run)
    suite.updatedAt = now
    this.#send('created', run, sender)
    if (run.status === 'completed') this.#sendCompletion(run, sender)
    return run
  }

  /** Changes a run and sends `check_run.completed` when this completes it. */
  update(run: CheckRun, sender: Account, fields: Partial<CheckRunFields>): CheckRun {
    const now = this.#world.clock.nowIso()
    const changed = withCompletion(now, { ...run, ...fields, updatedAt: now })
    this.#runs.set(run.id, changed)
    changed.suite.runs.splice(indexOfRun(changed), 1, changed)
    changed.suite.updatedAt = now
    if (run.status !== 'completed' && changed.status === 'completed') this.#sendCompletion(changed, sender)
    return changed
  }

  /** Presses a button and sends `check_run.requested_action`. */
  press(by: Account, runId: number, identifier: string): void {
    const run = this.#mustFind(runId)
    const action = run.actions.find((candidate) => candidate.identifier === identifier)
    if (action === undefined) {
      const shown = run.actions.map((candidate) => candidate.identifier).join(', ') || 'no buttons'
      throw new Error(`Check run ${runId} has no button "${identifier}"; it shows ${shown}.`)
    }
    this.#send('requested_action', run, by, identifier)
  }

  /** Asks the app of a run to run it again; only our own App gets `check_run.rerequested`. */
  rerequest(by: Account, runId: number): void {
    const run = this.#mustFind(runId)
    if (run.app === this.#world.app) this.#send('rerequested', run, by)
  }

  /** Asks an app to check a commit; only our own App gets `check_suite.requested`, or `rerequested`. */
  requestSuite(app: FakeApp, headSha: string, by: Account): CheckSuite {
    const isNew = !this.suites.list(headSha).some((suite) => suite.app.id === app.id)
    const suite = this.suites.of(app, headSha)
    if (app === this.#world.app) this.#sendSuite(isNew ? 'requested' : 'rerequested', suite, by)
    return suite
  }

  #mustFind(runId: number): CheckRun {
    const run = this.find(runId)
    if (run === undefined) throw new Error(`No check run ${runId} in ${this.#repository.fullName}.`)
    return run
  }

  #sendCompletion(run: CheckRun, sender: Account): void {
    this.#send('completed', run, sender)
    if (suiteState(run.suite).status === 'completed') this.#sendSuite('completed', run.suite, sender)
  }

  #send(action: string, run: CheckRun, sender: Account, identifier?: string): void {
    if (this.#repository.isQuiet) return
    const requested = identifier === undefined ? {} : { requested_action: { identifier } }
    const payload = { action, check_run: toCheckRunJson(run), ...requested }
    this.#repository.send({ event: 'check_run', payload, sender })
  }

  #sendSuite(action: string, suite: CheckSuite, sender: Account): void {
    if (this.#repository.isQuiet) return
    const payload = { action, check_suite: toCheckSuiteEventJson(suite) }
    this.#repository.send({ event: 'check_suite', payload, sender })
  }
}

function indexOfRun({ id, suite }: CheckRun): number {
  return suite.runs.findIndex((run) => run.id === id)
}

// A conclusion completes a run, and completing it stamps the time, as on GitHub.
function withCompletion(now: string, run: CheckRun): CheckRun {
  const isCompleted = run.status === 'completed' || run.conclusion !== null
  if (!isCompleted) return run
  return { ...run, status: 'completed', completedAt: run.completedAt ?? now }
}
