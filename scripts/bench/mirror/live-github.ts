// A GitHub on loopback with pull requests that have some threads each, and the rows by which the program knows them.
// Knows nothing of the program's parts.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insert, type Change } from '../../../src/domain/changes.ts'
import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { PullRequestName } from '../../../src/ports/github.ts'
import { project, pullRequest, session } from '../../../test/adapters/db/rows.ts'
import { addThreads, openPullRequests } from '../../../test/support/fake-github/bulk.ts'
import {
  createAppKey,
  FakeGitHub,
  type FakePullRequest,
  type FakeRepository,
} from '../../../test/support/fake-github/index.ts'
import { COMMENTS_EACH } from './observed.ts'

const APP_ID = 4711
const SECRET = 'a secret of this bench only'
const PROJECT_ID = 'harbour'
const THREADS_EACH = 10
/** Far above what a run uses: what is measured is the program, not its patience. */
const POINTS_PER_HOUR = 1_000_000

/** What a person did to a thread, as the change log will tell it. */
export interface Act {
  readonly number: number
  readonly type: 'pr_review_thread_resolved' | 'pr_review_thread_reopened'
  readonly threadId: string
}

export class LiveGitHub {
  readonly app: { readonly appId: number; readonly privateKey: string; readonly apiBaseUrl: string }
  readonly secret = SECRET
  readonly #github: FakeGitHub
  readonly #repository: FakeRepository
  readonly #prs: readonly FakePullRequest[]
  readonly #folder: string

  private constructor(parts: {
    readonly github: FakeGitHub
    readonly privateKey: string
    readonly repository: FakeRepository
    readonly prs: readonly FakePullRequest[]
    readonly folder: string
  }) {
    this.app = { appId: APP_ID, privateKey: parts.privateKey, apiBaseUrl: parts.github.apiUrl }
    this.#github = parts.github
    this.#repository = parts.repository
    this.#prs = parts.prs
    this.#folder = parts.folder
  }

  static async start(pullRequests: number): Promise<LiveGitHub> {
    const folder = await mkdtemp(join(tmpdir(), 'belay-bench-github-'))
    const { privateKey } = createAppKey()
    const app = { id: APP_ID, slug: 'belay', privateKey, webhookSecret: SECRET }
    const github = await FakeGitHub.start({ app, dataDir: folder })
    const repository = await github.createRepository({
      owner: 'quay',
      name: 'harbour',
      files: { 'README.md': '# Harbour\n' },
      collaborators: { alice: 'write' },
    })
    const prs = await openPullRequests(repository, { by: 'alice', count: pullRequests })
    for (const pr of prs)
      addThreads(pr, { by: 'alice', count: THREADS_EACH, commentsEach: COMMENTS_EACH, path: 'README.md' })
    const live = new LiveGitHub({ github, privateKey, repository, prs, folder })
    github.rateLimits.setLimit(live.#installationId, 'graphql', POINTS_PER_HOUR)
    return live
  }

  get url(): string {
    return this.#github.url
  }

  get count(): number {
    return this.#prs.length
  }

  deliverTo(url: string): void {
    this.#github.deliverTo(url)
  }

  /** Returns how the program names a pull request when it reads it; `index` counts from 0. */
  nameOf(index: number): PullRequestName {
    const { owner, name } = this.#repository
    return {
      repository: { installationId: this.#installationId, owner: owner.login, name },
      number: this.#prAt(index).number,
    }
  }

  /** Resolves the first thread of a pull request, or opens it again; one webhook tells of it. */
  async act(index: number): Promise<Act> {
    const pr = this.#prAt(index)
    const [thread] = pr.reviews.threads
    if (thread === undefined) throw new Error(`#${pr.number} has no thread`)
    const { nodeId: threadId, isResolved } = thread
    await (isResolved ? pr.unresolve('alice', thread) : pr.resolve('alice', thread))
    const type = isResolved ? 'pr_review_thread_reopened' : 'pr_review_thread_resolved'
    return { number: pr.number, type, threadId }
  }

  /** Returns what the program stores of a repository and its pull requests before the first read. */
  rows(): readonly Change[] {
    const { id, owner, name } = this.#repository
    const installationId = this.#installationId
    const known = { id: PROJECT_ID, repositoryId: id, installationId, owner: owner.login, name }
    return [insert('projects', project(known)), ...this.#prs.flatMap((pr, index) => rowsOf(pr, index + 1))]
  }

  async close(): Promise<void> {
    await this.#github.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #installationId(): number {
    const [installation] = this.#github.installations
    if (installation === undefined) throw new Error('The App is not installed')
    return installation.id
  }

  #prAt(index: number): FakePullRequest {
    const pr = this.#prs[index]
    if (pr === undefined) throw new Error(`There is no pull request ${index}`)
    return pr
  }
}

function rowsOf(pr: FakePullRequest, no: number): readonly Change[] {
  const sessionId = `${PROJECT_ID}-${no}`
  const { number, nodeId, title, headBranch, headSha, baseBranch, baseSha } = pr
  const branch = toBranchName(headBranch)
  return [
    insert('sessions', session({ id: sessionId, no, prNumber: number, branch, baseRef: baseBranch })),
    insert(
      'pullRequests',
      pullRequest({
        number,
        nodeId,
        title,
        headRef: headBranch,
        headSha: toSha(headSha),
        headRepositoryId: pr.repository.id,
        baseRef: baseBranch,
        baseSha: toSha(baseSha),
        sessionId,
      }),
    ),
  ]
}
