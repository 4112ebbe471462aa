// Commits as GraphQL shows them, with everything that was checked on them.
import type { FakeRepository } from '../repository.ts'
import { rollupContexts, rollupState } from '../status-rollup.ts'
import type { RollupContext } from '../status-rollup.ts'
import type { Ask } from './ask.ts'
import { toCheckRunNode, toStatusContextNode, toSuiteNode } from './check-nodes.ts'
import { toConnection, toObject } from './connection.ts'
import type { Arguments } from './connection.ts'
import { toRepositoryNode } from './repository-node.ts'

interface CommitText {
  readonly authoredDate: string
  readonly committedDate: string
  readonly message: string
}

/** Returns the node id of a commit: the same commit in a fork has another one. */
export function commitNodeId(repository: FakeRepository, sha: string): string {
  return `C_kwDO${Buffer.from(`C:${repository.id}:${sha}`).toString('base64url')}`
}

/** Returns a commit; what only git knows is read when it is asked for. */
export function toCommitNode(ask: Ask, repository: FakeRepository, sha: string): object {
  let reading: Promise<CommitText> | undefined
  const text = (): Promise<CommitText> => (reading ??= readCommit(repository, sha))
  const path = `/${repository.fullName}/commit/${sha}`
  return {
    __typename: 'Commit',
    id: commitNodeId(repository, sha),
    oid: sha,
    abbreviatedOid: sha.slice(0, 7),
    url: `${ask.world.links.html}${path}`,
    resourcePath: path,
    commitUrl: `${ask.world.links.html}${path}`,
    repository: () => toRepositoryNode(ask, repository),
    message: async () => (await text()).message,
    messageHeadline: async () => (await text()).message.split('\n')[0],
    authoredDate: async () => (await text()).authoredDate,
    committedDate: async () => (await text()).committedDate,
    statusCheckRollup: () => toRollupNode(ask, repository, sha),
    status: () => toStatusNode(ask, repository, sha),
    checkSuites: (args: Arguments) => listSuites(ask, { repository, sha, args }),
  }
}

/** Returns everything that was checked on a commit, or null when nothing was ever reported. */
export function toRollupNode(ask: Ask, repository: FakeRepository, sha: string): object | null {
  ask.demand('checks:read', 'statuses:read')
  const state = rollupState(repository, sha)
  if (state === undefined) return null
  return {
    id: `SCR_${commitNodeId(repository, sha)}`,
    state,
    commit: () => toCommitNode(ask, repository, sha),
    contexts: (args: Arguments) => toContextConnection(ask, args, rollupContexts(repository, sha)),
  }
}

function toContextConnection(ask: Ask, args: Arguments, items: readonly RollupContext[]): object {
  const toNode = (context: RollupContext): object =>
    context.kind === 'run' ? toCheckRunNode(ask, context.run) : toStatusContextNode(ask, context.status)
  const checkRunCount = items.filter(({ kind }) => kind === 'run').length
  return {
    ...toConnection({ items, args, toNode }),
    checkRunCount,
    statusContextCount: items.length - checkRunCount,
  }
}

function toStatusNode(ask: Ask, repository: FakeRepository, sha: string): object | null {
  ask.demand('statuses:read')
  const newest = repository.statuses.newest(sha)
  const contexts = rollupContexts(repository, sha).filter(({ kind }) => kind === 'status')
  if (contexts.length === 0) return null
  const worst = ['error', 'failure', 'pending'].find((bad) => newest.some(({ state }) => state === bad))
  const find = (name: unknown): object | null => {
    const found = newest.find(({ context }) => context === name)
    return found === undefined ? null : toStatusContextNode(ask, found)
  }
  return {
    id: `ST_${commitNodeId(repository, sha)}`,
    state: (worst ?? 'success').toUpperCase(),
    commit: () => toCommitNode(ask, repository, sha),
    contexts: () => newest.map((status) => toStatusContextNode(ask, status)),
    context: ({ name }: Arguments) => find(name),
    combinedContexts: (args: Arguments) => toContextConnection(ask, args, contexts),
  }
}

function listSuites(
  ask: Ask,
  place: { readonly repository: FakeRepository; readonly sha: string; readonly args: Arguments },
): object {
  ask.demand('checks:read')
  const { repository, sha, args } = place
  const filter = toObject(args['filterBy'])
  const items = repository.checks.suites
    .list(sha)
    .filter(
      ({ app, runs }) =>
        (filter['appId'] ?? app.id) === app.id &&
        (!filter['checkName'] || runs.some(({ name }) => name === filter['checkName'])),
    )
  return toConnection({ items, args, toNode: (suite) => toSuiteNode(ask, suite) })
}

async function readCommit({ git }: FakeRepository, sha: string): Promise<CommitText> {
  const { author, committer, message } = await git.history.commit(sha)
  return { authoredDate: author.date, committedDate: committer.date, message: message.trimEnd() }
}
