// One whole world for demo and end-to-end tests: a GitHub, the program as a process, scripted agents, a judge's witness.
// Everything lives below one temporary folder. Knows no scenario.
import { execFile } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAboutSync, type SyncQuestion } from '../../src/domain/decision/subject.ts'
import type { Decision, Session } from '../../src/domain/records.ts'
import { AgentStory } from './agents/story.ts'
import { createAppKey, FakeGitHub } from './fake-github/index.ts'
import type {
  Delivery,
  FakePullRequest,
  FakeRepository,
  FileChanges,
  IssueComment,
} from './fake-github/index.ts'
import { judgeLosses } from './losses/checker.ts'
import type { Verdict } from './losses/checker.ts'
import { LossRecorder } from './losses/recorder.ts'
import { programArguments } from './program-arguments.ts'
import { Belay } from './run-belay.ts'

/** How a world differs from the usual one. */
export interface WorldOptions {
  /** Files of the first commit on `main`. */
  readonly files?: FileChanges
  /** Environment of the program. */
  readonly env?: Readonly<Record<string, string>>
}

/** What commands are written in: a comment, a review, a review comment. */
type Reacted = Pick<IssueComment, 'reactions'> & { readonly body: string | null }

/** Where a session's work is. */
export interface SessionPlaces {
  readonly origin: string
  readonly mirror: string
  readonly sessionRepository: string
  readonly worktree: string
}

const APP_ID = 4711
const WEBHOOK_SECRET = 'a secret of this test world only'
const QUESTION_DEADLINE_MS = 30_000

/** The world. People: alice (write), carol (maintain), bob (read); the repository is public. */
export class TestWorld {
  readonly root: string
  readonly github: FakeGitHub
  readonly repo: FakeRepository
  readonly belay: Belay
  readonly story: AgentStory
  readonly #witnesses = new Map<string, { readonly recorder: LossRecorder; readonly manifestFile: string }>()

  private constructor(parts: TestWorldParts) {
    this.root = parts.root
    this.github = parts.github
    this.repo = parts.repo
    this.belay = parts.belay
    this.story = parts.story
  }

  /** Starts everything and waits until the program is ready. */
  static async start(options: WorldOptions = {}): Promise<TestWorld> {
    const world = await TestWorld.prepare(options)
    try {
      await world.belay.launch()
    } catch (error) {
      await world.close()
      throw error
    }
    return world
  }

  /** Makes everything but does not start the program. */
  static async prepare({ files, env = {} }: WorldOptions = {}): Promise<TestWorld> {
    const root = await realpath(await mkdtemp(join(tmpdir(), 'belay-world-')))
    const { privateKey } = createAppKey()
    const github = await FakeGitHub.start({
      app: { id: APP_ID, slug: 'belay', privateKey, webhookSecret: WEBHOOK_SECRET },
      dataDir: join(root, 'github'),
    })
    const repo = await github.createRepository({
      owner: 'acme',
      name: 'rocket',
      private: false,
      ...(files !== undefined && { files }),
      collaborators: { alice: 'write', carol: 'maintain', bob: 'read' },
    })
    const story = await AgentStory.create(join(root, 'story'))
    const belay = await Belay.prepare({
      root,
      appId: APP_ID,
      privateKey,
      webhookSecret: WEBHOOK_SECRET,
      githubHost: github.host,
      agentsFile: story.agentsFile,
      env,
    })
    github.deliverTo(belay.webhookUrl)
    story.explain = () => belay.log.tail()
    return new TestWorld({ root, github, repo, belay, story })
  }

  /** Pushes a branch in alice's name and opens its pull request. */
  async openPullRequest(order: {
    readonly branch: string
    readonly files: FileChanges
    readonly title?: string
  }): Promise<FakePullRequest> {
    const { branch, files, title = branch } = order
    await this.repo.push({ by: 'alice', branch, files, message: `Start ${branch}` })
    return this.repo.openPullRequest({ by: 'alice', head: branch, title })
  }

  /** Returns the newest session of a pull request, or undefined. */
  async session(pr: FakePullRequest): Promise<Session | undefined> {
    const sessions = await this.belay.database.table('sessions')
    return sessions.findLast(({ prNumber }) => prNumber === pr.number)
  }

  /** Returns the decisions of a pull request, oldest first. */
  async decisions(pr: FakePullRequest): Promise<readonly Decision[]> {
    return (await this.belay.database.table('decisions')).filter(({ prNumber }) => prNumber === pr.number)
  }

  /** Waits for the session of a pull request. */
  sessionOf(pr: FakePullRequest): Promise<Session> {
    return this.belay.eventually(() => this.session(pr), { what: `#${pr.number} has a session` })
  }

  /** Waits until exactly one question about a sync of the pull request is open and its comment stands on the PR. */
  async openQuestion(
    pr: FakePullRequest,
  ): Promise<{ readonly decision: SyncQuestion; readonly comment: IssueComment }> {
    return this.belay.eventually(
      async () => {
        const decision = (await this.decisions(pr))
          .filter(isAboutSync)
          .find(({ status }) => status === 'pending')
        const comment = decision && this.questionComment(pr, decision.id)
        return decision !== undefined && comment !== undefined && { decision, comment }
      },
      { what: `a question is open on #${pr.number}`, deadlineMs: QUESTION_DEADLINE_MS },
    )
  }

  /** Returns the bot's comment that offers answers to this decision. */
  questionComment(pr: FakePullRequest, decisionId: string): IssueComment | undefined {
    return this.botComments(pr).find(({ body }) => body.includes(`/abort ${decisionId}`))
  }

  /** Returns what the program wrote on a pull request, oldest first. */
  botComments(pr: FakePullRequest): readonly IssueComment[] {
    return pr.comments.filter(({ author }) => author === 'belay[bot]')
  }

  /** Waits until the bot gave a comment this reaction. */
  async reacted(comment: Reacted, content: 'eyes' | 'rocket' | 'confused'): Promise<void> {
    await this.belay.eventually(() => hasReaction(comment, content), {
      what: `"${comment.body}" gets ${content}; it has ${comment.reactions.map((one) => one.content).join(', ') || 'none'}`,
    })
  }

  /** Waits until a command came to its visible end, whichever. */
  async ended(comment: Reacted, deadlineMs = 20_000): Promise<void> {
    await this.belay.eventually(() => hasReaction(comment, 'rocket') || hasReaction(comment, 'confused'), {
      what: `"${comment.body}" comes to a visible end`,
      deadlineMs,
    })
  }

  /** Waits until everything sent so far was handled: a command behind it, in the same lane, came to its end. */
  async drain(pr: FakePullRequest): Promise<void> {
    await this.github.settled()
    await this.ended(await pr.comment('alice', '/belay status'))
  }

  /** Waits until the program has nothing left to do: no delivery, no job that is due, nothing to be sent. */
  async quiet(): Promise<void> {
    await this.belay.eventually(
      async () => {
        await this.github.settled()
        const [row] = await this.belay.database.query(`SELECT
          (SELECT COUNT(*) FROM inbox WHERE status = 'pending')
          + (SELECT COUNT(*) FROM jobs WHERE state IN ('pending', 'running') AND run_at <= ${Date.now() + 1000})
          + (SELECT COUNT(*) FROM effects WHERE state IN ('pending', 'sending')) AS left`)
        return row?.['left'] === 0
      },
      { what: 'the program has nothing left to do' },
    )
  }

  /** Returns the folders of a session; names only, whether they exist or not. */
  places(session: Pick<Session, 'id' | 'projectId'>): SessionPlaces {
    const sessionFolder = join(this.belay.home, 'sessions', session.id)
    return {
      origin: this.repo.git.path,
      mirror: join(this.belay.home, 'mirrors', `${session.projectId}.git`),
      sessionRepository: join(sessionFolder, 'repo.git'),
      worktree: join(sessionFolder, 'tree'),
    }
  }

  /** Lets the session's witness note everything that exists now. */
  async record(label: string, session: Session): Promise<void> {
    await this.#witness(session).recorder.record(label, this.places(session))
  }

  /** Judges, from outside, whether anything the session's witness saw is lost. */
  judge(session: Session): Promise<Verdict> {
    return judgeLosses(this.#witness(session).recorder.manifest, this.places(session))
  }

  /** Lets a process of its own judge, as anybody could do by hand. */
  async judgeApart(session: Session): Promise<{ readonly isGood: boolean; readonly text: string }> {
    const { origin, mirror, worktree } = this.places(session)
    const program = join(import.meta.dirname, 'losses', 'check.ts')
    const places = ['--origin', origin, '--mirror', mirror, '--worktree', worktree]
    const manifest = ['--manifest', this.#witness(session).manifestFile]
    const argv = [...programArguments(program), ...manifest, ...places]
    return new Promise((resolve) => {
      execFile(process.execPath, argv, (error, stdout, stderr) => {
        resolve({ isGood: error === null, text: `${stdout}${stderr}`.trimEnd() })
      })
    })
  }

  #witness(session: Session) {
    const known = this.#witnesses.get(session.id)
    if (known !== undefined) return known
    const manifestFile = join(this.root, `seen-${session.id}.json`)
    const witness = { manifestFile, recorder: new LossRecorder(manifestFile) }
    this.#witnesses.set(session.id, witness)
    return witness
  }

  /** Returns the webhooks from this one on. */
  deliveriesSince(count: number): readonly Delivery[] {
    return this.github.deliveries.slice(count)
  }

  /** Ends the program, its agents and the GitHub; the folder is removed unless told otherwise. */
  async close(options: { readonly folder: 'remove' | 'keep' } = { folder: 'remove' }): Promise<void> {
    try {
      await this.belay.stop()
    } finally {
      await this.story.killLeftAgents()
      await this.github.stop()
      if (options.folder === 'remove') await rm(this.root, { recursive: true, force: true, maxRetries: 3 })
    }
  }
}

interface TestWorldParts {
  readonly root: string
  readonly github: FakeGitHub
  readonly repo: FakeRepository
  readonly belay: Belay
  readonly story: AgentStory
}

/** Tells whether the bot gave the comment this reaction. */
export function hasReaction(comment: Reacted, content: 'eyes' | 'rocket' | 'confused'): boolean {
  return comment.reactions.some((reaction) => reaction.by === 'belay[bot]' && reaction.content === content)
}
