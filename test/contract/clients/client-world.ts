// A world in which every client of an answer is real: webhooks, REST and check-run buttons reach the real workflows on a
// real database. What would need a worktree or an agent is put aside, so that hundreds of answers take seconds.

import { createIdempotency } from '../../../src/adapters/db/idempotency-store.ts'
import { createInbox } from '../../../src/adapters/db/inbox-store.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import { insert, update, type Job } from '../../../src/domain/changes.ts'
import type { DecisionKind } from '../../../src/domain/decision/kind.ts'
import type { Question } from '../../../src/domain/decision/subject.ts'
import { prLane, toSha } from '../../../src/domain/ids.ts'
import type { Nudge } from '../../../src/domain/mirror/records.ts'
import type { Decision, Pipeline, Session } from '../../../src/domain/records.ts'
import { apiRoutes } from '../../../src/edge/api/api-routes.ts'
import { startHttpServer, type HttpServer } from '../../../src/edge/http-server.ts'
import type { JobContext } from '../../../src/ports/lanes.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { submitAnswer } from '../../../src/workflows/submit-answer.ts'
import { pipelineRequests } from '../../../src/workflows/submit-request.ts'
import type { FakePullRequest } from '../../support/fake-github/index.ts'
import { removeTempFolder } from '../../support/temp-repo.ts'
import { startIncarnation, type Incarnation } from '../../support/workbench/incarnation.ts'
import { plantQuestionOf } from '../../support/workbench/plant-question.ts'
import { makeParts, type WorkbenchParts } from '../../support/workbench/workbench-parts.ts'

const CONFIG = `version: 1
agent: climber
phases:
  - name: plan
    produces: contract
  - name: implement
    reviewers: [critic]
`

/** What runs git or an agent, or only looks at GitHub: not done here, but kept with what it was asked for. */
const ASIDE: ReadonlySet<Job['kind']> = new Set([
  'prepare_workspace',
  'start_phase',
  'finish_attempt',
  'conclude_phase',
  'populate_contract',
  'sync_session',
  'rescue_commits',
  'collect_news',
  'respond',
  'free_session',
  'reconcile',
])

const MOST_ROUNDS = 100

/** The bearer token of the REST interface; answers through it are given by `api`. */
export const API_TOKEN = 'token-of-the-clients-world'

/** A pull request with a session. */
export interface Place {
  readonly pr: FakePullRequest
  readonly session: Session
  readonly pipeline: Pipeline
}

/** A question that is open there. */
export interface Asked extends Place {
  readonly question: Question
}

/** Which question is asked. */
export interface Wanted {
  readonly kind: DecisionKind
  readonly concerns?: Decision['concerns']
  readonly phase?: string
}

/** The world. People: alice (write), carol (maintain), dave (triage), bob (read); the repository is public. */
export class ClientWorld {
  /** Every job that was put aside, in order. */
  readonly aside: Job[] = []
  /** Whether status, check run and closed questions are brought up to date after every change. */
  shows = false
  readonly #parts: WorkbenchParts
  readonly #program: Incarnation
  readonly #lanes: ReturnType<typeof createLaneWorker>
  #api: HttpServer | null = null

  private constructor(parts: WorkbenchParts, program: Incarnation) {
    this.#parts = parts
    this.#program = program
    const { database, clock, log } = parts.ground
    const owner = { runnerId: 'runner-1', bootId: 'clients' }
    const handle = (context: JobContext): Promise<void> => this.#handle(context)
    this.#lanes = createLaneWorker({ lanes: createLanes(database), owner, handle, clock, log })
  }

  /** Starts everything; `config` stands behind the phases in the repository's configuration. */
  static async start(config = ''): Promise<ClientWorld> {
    const files = { '.github/belay.yml': `${CONFIG}${config}` }
    const parts = await makeParts({ files }, async () => undefined)
    const world = new ClientWorld(parts, await startIncarnation(parts.ground))
    await world.#serve()
    return world
  }

  get deps(): Deps {
    return this.#program.deps
  }

  get parts(): WorkbenchParts {
    return this.#parts
  }

  /** `http://127.0.0.1:<port>` of the REST interface. */
  get apiAddress(): string {
    return `http://127.0.0.1:${this.#api?.address.port ?? 0}`
  }

  async #handle(context: JobContext): Promise<void> {
    const { job } = context.job
    const isWanted = job.kind === 'refresh_status' ? this.shows : !ASIDE.has(job.kind)
    if (isWanted) return handleJob(this.deps, context)
    this.aside.push(job)
    await context.finish([])
  }

  async #serve(): Promise<void> {
    const { database, log } = this.#parts.ground
    const unasked = (): never => {
      throw new Error('The clients ask for nothing of this kind.')
    }
    const waitUntil = async (condition: () => Promise<boolean>): Promise<boolean> => {
      await this.settle()
      return condition()
    }
    const routes = apiRoutes(
      { tokens: [{ name: 'api', token: API_TOKEN }], idempotency: createIdempotency(database), log },
      {
        store: this.deps.store,
        inbox: createInbox(database),
        onReplayed: unasked,
        feed: { read: unasked, follow: unasked },
        log,
        requests: pipelineRequests(this.deps, waitUntil),
        submitAnswer: (submitted) => submitAnswer(this.deps, submitted, waitUntil),
        submitRescue: unasked,
      },
    )
    this.#api = await startHttpServer({ host: '127.0.0.1', port: 0, routes, log })
  }

  /** Takes in what was sent, does what is due, and sends what follows, until nothing is left. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      await this.#parts.github.settled()
      const done = (await this.#program.takeIn()) + (await this.#lanes.pump()) + (await this.#program.send())
      if (done === 0) return
    }
    throw new Error(`The world does not come to rest.\n${this.#parts.ground.log.troubles()}`)
  }

  /** Opens a pull request with a session whose workspace is said to be there. */
  async open(branch: string): Promise<Place> {
    const { repo } = this.#parts
    await repo.push({ by: 'alice', branch, files: { [`${branch}.txt`]: `${branch}\n` }, message: branch })
    const pr = await repo.openPullRequest({ by: 'alice', head: branch, title: branch })
    await pr.comment('alice', '/belay run')
    await this.settle()
    const session = await this.deps.store.find('sessions', { prNumber: pr.number })
    const pipeline = session && (await this.deps.store.find('pipelines', { sessionId: session.id }))
    if (session === null || pipeline === null)
      throw new Error(`#${pr.number} has no session.\n${this.#parts.ground.log.troubles()}`)
    return { pr, session, pipeline }
  }

  /** Asks a question; whatever was open there before is closed as if a person had done so long ago. */
  async ask(place: Place, { kind, concerns = 'pipeline', phase = 'implement' }: Wanted): Promise<Asked> {
    const { pr, session, pipeline } = place
    const { store } = this.deps
    const open = await store.find('decisions', { sessionId: session.id, status: 'pending' })
    if (open !== null) {
      const where = { projectId: open.projectId, id: open.id }
      await store.commit([update('decisions', { where, set: { status: 'cancelled' } })], null)
    }
    if (kind === 'nudge_budget') await store.commit([insert('nudges', this.#news(session))], null)
    const planting = { session, pipeline, headSha: toSha(pr.headSha), kind, concerns, phase }
    return { ...place, question: await plantQuestionOf(this.deps, planting) }
  }

  #news({ id: sessionId, projectId, prNumber }: Session): Nudge {
    const id = `nu_${this.deps.ids.random(12)}`
    return {
      id,
      projectId,
      prNumber,
      sessionId,
      kind: 'review',
      item: id,
      signature: id,
      status: 'pending',
      text: 'A comment waits.\n',
      threadIds: [],
      pipelineId: null,
      createdAt: this.deps.clock.now(),
      sentAt: null,
    }
  }

  /** Has GitHub show the question with its comment and its buttons. */
  async show({ session, question }: Asked): Promise<void> {
    const { projectId, id: decisionId } = question
    const before = this.shows
    this.shows = true
    await this.enqueue(session.prNumber, { kind: 'announce_failure', projectId, decisionId })
    await this.enqueue(session.prNumber, { kind: 'refresh_status', sessionId: session.id })
    await this.settle()
    this.shows = before
  }

  /** Puts a job in the lane of a pull request by hand. */
  async enqueue(number: number, job: Job): Promise<void> {
    const { ids, clock, store } = this.deps
    const lane = prLane(this.#parts.repo.id, number)
    const idem = `by-hand:${ids.random(16)}`
    await store.commit([{ kind: 'enqueue', lane, idem, job, runAt: clock.now() }], null)
  }

  /** Returns a question as it is stored now. */
  async decision({ projectId, id }: Pick<Decision, 'projectId' | 'id'>): Promise<Decision> {
    const found = await this.deps.store.find('decisions', { projectId, id })
    if (found === null) throw new Error(`There is no question ${id}`)
    return found
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    const { folder, ground, server, github, reader } = this.#parts
    await this.#api?.close()
    await this.#lanes.close()
    await this.#program.close()
    await github.stop()
    await server.close()
    reader.close()
    await ground.database.close()
    await removeTempFolder(folder)
  }
}
