// The workflows on a workbench: real database file, real GitHub over HTTP, real runner with real git and real agents,
// in this process, with a clock and workers that are moved by hand. Knows no story; those are in scenes.ts.

import { join } from 'node:path'
import type { InStatement } from '@libsql/client'
import type { Job } from '../../../src/domain/changes.ts'
import { isAboutSync, type SyncQuestion } from '../../../src/domain/decision/subject.ts'
import { prLane } from '../../../src/domain/ids.ts'
import type { CommandRow, Decision, Pipeline, Session } from '../../../src/domain/records.ts'
import type { AnswerReply, SubmittedAnswer } from '../../../src/ports/answers.ts'
import type { Store } from '../../../src/ports/store.ts'
import { submitAnswer } from '../../../src/workflows/submit-answer.ts'
import type { AgentStory } from '../agents/story.ts'
import type { DatabaseReader } from '../database-reader.ts'
import type {
  FakeGitHub,
  FakePullRequest,
  FakeRepository,
  FileChanges,
  IssueComment,
} from '../fake-github/index.ts'
import { removeTempFolder } from '../temp-repo.ts'
import type { CapturedLog } from './captured-log.ts'
import { Died, startIncarnation, type Incarnation } from './incarnation.ts'
import type { ManualClock } from './manual-clock.ts'
import type { RunnerWatch } from './runner-watch.ts'
import { makeParts, type WorkbenchOptions, type WorkbenchParts } from './workbench-parts.ts'

const MOST_ROUNDS = 200
const FAILED: ReadonlySet<string> = new Set(['A job failed', 'delivery failed', 'job_given_up'])

/** The workbench. People: alice (write), carol (maintain), dave (triage), bob (read); the repository is public. */
export class Workbench {
  readonly github: FakeGitHub
  readonly repo: FakeRepository
  readonly story: AgentStory
  readonly clock: ManualClock
  readonly log: CapturedLog
  readonly watch: RunnerWatch
  /** Sees only what is committed, from a connection of its own. */
  readonly reader: DatabaseReader
  /** Called before every transaction of the program; throwing there keeps it from being written. */
  onCommitting: ((statements: readonly InStatement[]) => Promise<void>) | null = null
  /** Called after every transaction, before anything else happens. */
  onCommit: ((statements: readonly InStatement[]) => Promise<void>) | null = null
  readonly #parts: WorkbenchParts
  readonly #dead: Incarnation[] = []
  #now: Incarnation

  private constructor(parts: WorkbenchParts, first: Incarnation) {
    this.github = parts.github
    this.repo = parts.repo
    this.story = parts.story
    this.clock = parts.ground.clock
    this.log = parts.ground.log
    this.watch = parts.ground.watch
    this.reader = parts.reader
    this.#parts = parts
    this.#now = first
  }

  /** Starts everything. */
  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const hooks: { bench: Workbench | null } = { bench: null }
    const parts = await makeParts(
      options,
      async (statements) => hooks.bench?.onCommit?.(statements),
      async (statements) => hooks.bench?.onCommitting?.(statements),
    )
    const bench = new Workbench(parts, await startIncarnation(parts.ground))
    hooks.bench = bench
    bench.story.explain = () => bench.log.troubles()
    return bench
  }

  get deps(): Incarnation['deps'] {
    return this.#now.deps
  }

  get store(): Store {
    return this.deps.store
  }

  /** Does everything that is due, and what becomes due by it; running agents are not waited for. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
      await this.watch.prepared()
      const done = (await this.takeIn()) + (await this.work()) + (await this.send())
      if (this.#now.isDead() || done === 0) return
    }
    throw new Error(`The workbench does not come to rest.\n${this.log.troubles()}`)
  }

  /** Waits until the agents that run have ended, then settles. */
  async finishAttempts(): Promise<void> {
    await this.watch.attemptsOver()
    await this.settle()
  }

  /** Waits for webhooks that are on their way and turns them into jobs. */
  async takeIn(): Promise<number> {
    await this.github.settled()
    return this.#pump((now) => now.takeIn())
  }

  /** Runs every job that is due. */
  work(): Promise<number> {
    return this.#pump((now) => now.work())
  }

  /** Sends every effect that is due. */
  send(): Promise<number> {
    return this.#pump((now) => now.send())
  }

  async #pump(move: (now: Incarnation) => Promise<number>): Promise<number> {
    if (this.#now.isDead()) return 0
    try {
      return await move(this.#now)
    } catch (error) {
      if (error instanceof Died || this.#now.isDead()) return 0
      throw error
    }
  }

  /** Ends the program's process as a kill would: nothing it still does is written. Throw the result where it stands. */
  kill(): Died {
    this.#now.die()
    return new Died('Killed here')
  }

  get isDead(): boolean {
    return this.#now.isDead()
  }

  /** Starts the program again on the same disk. Agents of a dead start are orphans then. */
  async reboot(): Promise<void> {
    const before = this.#now
    this.watch.hook = () => undefined
    this.onCommitting = null
    this.onCommit = null
    // What a killed process started lives on until somebody ends it, so a dead start is not closed here.
    if (before.isDead()) this.#dead.push(before)
    else await before.close()
    this.#now = await startIncarnation(this.#parts.ground)
  }

  /** Pushes a branch in alice's name and opens its pull request. */
  async openPullRequest(branch: string, files: FileChanges = {}): Promise<FakePullRequest> {
    const message = `Start ${branch}`
    await this.repo.push({
      by: 'alice',
      branch,
      files: { [`${branch}.txt`]: `${branch}\n`, ...files },
      message,
    })
    return this.repo.openPullRequest({ by: 'alice', head: branch, title: branch })
  }

  /** Writes a comment in a person's name and settles. */
  async say(pr: FakePullRequest, by: string, body: string): Promise<IssueComment> {
    const comment = await pr.comment(by, body)
    await this.settle()
    return comment
  }

  /** Hands an answer in as REST and CLI do, and pumps instead of waiting. */
  answer(submitted: Omit<SubmittedAnswer, 'actor'> & { readonly actor?: string }): Promise<AnswerReply> {
    return submitAnswer(this.deps, { actor: 'api', ...submitted }, async (condition) => {
      await this.settle()
      return condition()
    })
  }

  /** Puts a job in the lane of a pull request by hand. */
  async enqueue(pr: FakePullRequest, job: Job): Promise<void> {
    const lane = prLane(this.repo.id, pr.number)
    const idem = `by-hand:${this.deps.ids.random(16)}`
    await this.store.commit([{ kind: 'enqueue', lane, idem, job, runAt: this.clock.now() }], null)
  }

  /** Returns the newest session of a pull request; throws when there is none. */
  async session(pr: FakePullRequest): Promise<Session> {
    const sessions = await this.store.list('sessions', { prNumber: pr.number })
    return found(sessions.at(-1), `#${pr.number} has a session`, this.log)
  }

  /** Returns the newest pipeline of a pull request. */
  async pipeline(pr: FakePullRequest): Promise<Pipeline> {
    const { id: sessionId } = await this.session(pr)
    const pipelines = await this.store.list('pipelines', { sessionId })
    return found(pipelines.at(-1), `#${pr.number} has a pipeline`, this.log)
  }

  /** Returns the decisions of a pull request, oldest first. */
  decisions(pr: FakePullRequest): Promise<readonly Decision[]> {
    return this.store.list('decisions', { prNumber: pr.number })
  }

  /** Returns the open question about a sync of a pull request; throws when there is none. */
  async question(pr: FakePullRequest): Promise<SyncQuestion> {
    const pending = (await this.decisions(pr)).filter(({ status }) => status === 'pending')
    const open = pending.find(isAboutSync)
    return found(open, `#${pr.number} has an open question`, this.log)
  }

  /** Returns the commands that have no visible end yet. */
  unendedCommands(): Promise<readonly CommandRow[]> {
    return this.store.list('commands', { state: 'running' })
  }

  /** Returns jobs and deliveries that failed, whether they were tried again or not. */
  failures(): readonly string[] {
    const failed = this.log.lines.filter(({ message }) => FAILED.has(message))
    return failed.map(({ message, fields }) => `${message}: ${String(fields['kind'] ?? fields['event'])}`)
  }

  /** Where the agent of a session works. */
  tree(sessionId: string): string {
    return join(this.#parts.ground.home, 'sessions', sessionId, 'tree')
  }

  mirror(projectId: string): string {
    return join(this.#parts.ground.home, 'mirrors', `${projectId}.git`)
  }

  /** Ends agents and servers and removes the folder. */
  async close(): Promise<void> {
    const { folder, ground, server, github, reader, story } = this.#parts
    this.watch.hook = () => undefined
    this.onCommitting = null
    this.onCommit = null
    for (const incarnation of [this.#now, ...this.#dead]) await incarnation.close()
    await story.killLeftAgents()
    await github.stop()
    await server.close()
    reader.close()
    await ground.database.close()
    await removeTempFolder(folder)
  }
}

function found<T>(value: T | undefined, what: string, log: CapturedLog): T {
  if (value === undefined) throw new Error(`Not so: ${what}.\n${log.troubles()}`)
  return value
}
