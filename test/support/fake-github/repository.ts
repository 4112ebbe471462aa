// One repository: its people and their roles, issues, pull requests, check runs, and the pushes people make.
// The git side lives in bare-git.ts, what a push sets off in pushes.ts.
import type { BareGit } from './bare-git.ts'
import { CheckRuns } from './check-runs.ts'
import type { CheckRun, CheckRunFields } from './check-runs.ts'
import type { CheckSuite } from './check-suites.ts'
import { CommitStatuses } from './commit-statuses.ts'
import type { CommitStatus, NewCommitStatus } from './commit-statuses.ts'
import type { Conversation } from './conversation.ts'
import { nodeId } from './ids.ts'
import { FakeIssue } from './issue.ts'
import { toRepositoryJson } from './json/repository-json.ts'
import { toUserJson } from './json/user-json.ts'
import type { Account } from './people.ts'
import { toGrantedRole } from './permissions.ts'
import type { GrantedRole, RoleSpec } from './permissions.ts'
import { pushAsPerson } from './person-push.ts'
import type { PersonPush } from './person-push.ts'
import { openPullRequest } from './open-pull-request.ts'
import type { NewPullRequest } from './open-pull-request.ts'
import { FakePullRequest } from './pull-request.ts'
import type { FakeApp, World } from './world.ts'

/** What a repository is made of. */
export interface RepositoryParts {
  readonly world: World
  readonly git: BareGit
  readonly owner: Account
  readonly name: string
  readonly isPrivate: boolean
  readonly parent?: FakeRepository
}

/** Rules for merging into any branch of a repository. */
export interface Protection {
  readonly requiresReview?: boolean
  readonly requiresUpToDate?: boolean
}

/** A webhook of this repository. */
export interface RepositoryEvent {
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly sender: Account
  /** How the repository is written; `push` writes it in a way of its own. */
  readonly repositoryJson?: Readonly<Record<string, unknown>>
}

/** A repository with everything in it. */
export class FakeRepository {
  readonly world: World
  readonly id: number
  readonly nodeId: string
  readonly git: BareGit
  owner: Account
  name: string
  readonly isPrivate: boolean
  readonly parent: FakeRepository | undefined
  defaultBranch = 'main'
  readonly createdAt: string
  readonly checks: CheckRuns
  readonly statuses: CommitStatuses
  readonly conversations: Conversation[] = []
  /** The commits that pushes ended on, as `push` webhooks wrote them. */
  readonly pushedCommits = new Map<string, Readonly<Record<string, unknown>>>()
  pushedAt: string
  /** An archived repository can be read and not written. */
  isArchived = false
  /** A deleted repository is found by nobody, but pull requests from it stay. */
  isDeleted = false
  /** What branches of this repository demand before a merge. */
  protection: Protection = {}
  #quiet = 0
  readonly #roles = new Map<number, GrantedRole>()
  #lastCommitMs = 0

  constructor({ world, git, owner, name, isPrivate, parent }: RepositoryParts) {
    this.world = world
    this.id = world.ids.next()
    this.nodeId = nodeId('R', this.id)
    this.git = git
    this.owner = owner
    this.name = name
    this.isPrivate = isPrivate
    this.parent = parent
    this.createdAt = world.clock.nowIso()
    this.pushedAt = this.createdAt
    this.checks = new CheckRuns(world, this)
    this.statuses = new CommitStatuses(world, this)
  }

  /** Whether things happen without webhooks now. */
  get isQuiet(): boolean {
    return this.#quiet > 0
  }

  /** `owner/name`. */
  get fullName(): string {
    return `${this.owner.login}/${this.name}`
  }

  /** Address to clone from and push to. */
  get cloneUrl(): string {
    return `${this.world.links.html}/${this.fullName}.git`
  }

  /** Open and closed pull requests, oldest first. */
  get pullRequests(): readonly FakePullRequest[] {
    return this.conversations.filter((conversation) => conversation instanceof FakePullRequest)
  }

  /** Gives a person a role, from now on. */
  setRole(login: string, role: RoleSpec): void {
    this.#roles.set(this.world.people.person(login).id, toGrantedRole(role))
  }

  /** Returns the role of an account now. */
  roleOf(account: Account): GrantedRole {
    if (account.id === this.owner.id) return toGrantedRole('admin')
    const granted = this.#roles.get(account.id) ?? toGrantedRole('none')
    return granted.permission === 'none' && !this.isPrivate ? toGrantedRole('read') : granted
  }

  /** Returns the account of a person who may see this repository; throws for everybody else. */
  reader(login: string): Account {
    const account = this.world.people.person(login)
    if (this.roleOf(account).permission === 'none') throw new Error(`${login} can not see ${this.fullName}.`)
    return account
  }

  /** Returns the account of a person who may push; throws for everybody else. */
  writer(login: string): Account {
    const account = this.world.people.person(login)
    if (!['admin', 'write'].includes(this.roleOf(account).permission)) {
      throw new Error(`${login} may not write to ${this.fullName}.`)
    }
    return account
  }

  /** Pushes in the name of a person; returns the commit the branch is on, or undefined after a deletion. */
  async push(order: PersonPush): Promise<string | undefined> {
    return pushAsPerson(this, order)
  }

  /** Opens a pull request in the name of a person. */
  async openPullRequest(order: NewPullRequest): Promise<FakePullRequest> {
    return openPullRequest(this, order)
  }

  /** Opens an issue in the name of a person. */
  async openIssue(order: { by: string; title: string; body?: string }): Promise<FakeIssue> {
    const account = this.reader(order.by)
    const { title, body = null } = order
    const { world } = this
    const issue = FakeIssue.open({ world, repository: this, number: this.nextNumber(), account, title, body })
    this.conversations.push(issue)
    return issue
  }

  /** Makes a person's fork of this repository, without the App. */
  fork(by: string): Promise<FakeRepository> {
    return this.world.repositories.fork(this.world, this, by)
  }

  /** Reports a check run of another app, for example a CI. */
  reportCheck(order: { app: string; headSha: string; name: string } & Partial<CheckRunFields>): CheckRun {
    const { app: slug, ...fields } = order
    return this.checks.create({ ...fields, app: this.#app(slug), sender: this.world.people.bot(slug) })
  }

  /** Opens a check suite of another app without any run, as GitHub does for apps that never report. */
  reportSuite(order: { app: string; headSha: string }): CheckSuite {
    return this.checks.suites.of(this.#app(order.app), order.headSha)
  }

  /** Reports a commit status in the name of an app or a person. */
  reportStatus({ by, ...order }: NewCommitStatus & { by: string }): Promise<CommitStatus> {
    return this.statuses.report(this.world.people.find(by) ?? this.world.people.bot(by), order)
  }

  /** Changes a check run of another app. */
  updateCheck(runId: number, fields: Partial<CheckRunFields>): CheckRun {
    const run = this.checks.find(runId)
    if (run === undefined) throw new Error(`No check run ${runId} in ${this.fullName}.`)
    return this.checks.update(run, this.world.people.bot(run.app.slug), fields)
  }

  /** Does something without sending webhooks, for example to set up much at once. */
  quietly<T>(work: () => T): T {
    this.#quiet += 1
    try {
      return work()
    } finally {
      this.#quiet -= 1
    }
  }

  /** Returns the number of the next issue or pull request. */
  nextNumber(): number {
    return this.conversations.length + 1
  }

  /** Returns the time of the next commit: now, but never the same second twice, so that no two commits are equal. */
  nextCommitMs(): number {
    this.#lastCommitMs = Math.max(this.world.clock.nowMs(), this.#lastCommitMs + 1000)
    return this.#lastCommitMs
  }

  /** Sends a webhook to the App, if it is installed here. */
  send({ event, payload, sender, repositoryJson }: RepositoryEvent): void {
    const installation = this.world.installations.findByRepository(this.id)
    if (installation === undefined || installation.suspendedAt !== null || this.isQuiet) return
    const body = {
      ...payload,
      repository: repositoryJson ?? toRepositoryJson(this),
      ...(this.owner.type === 'Organization' && { organization: toOrganizationJson(this) }),
      sender: toUserJson(this.world, sender),
      installation: { id: installation.id, node_id: installation.nodeId },
    }
    this.world.webhooks.send({ event, payload: body, installationId: installation.id, repositoryId: this.id })
  }

  #app(slug: string): FakeApp {
    const { id } = this.world.people.bot(slug)
    return { id, slug, owner: this.owner, createdAt: this.createdAt, permissions: {} }
  }
}

function toOrganizationJson({ world, owner }: FakeRepository): Record<string, unknown> {
  const url = `${world.links.api}/orgs/${owner.login}`
  return {
    login: owner.login,
    id: owner.id,
    node_id: owner.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.links.html}/avatars/u/${owner.id}`,
    description: '',
  }
}
