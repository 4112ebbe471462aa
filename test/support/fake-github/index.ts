// A GitHub to run against: state that tests act on like people, with a thin HTTP face on 127.0.0.1.
// Knows nothing of Belay. How to use it:
//
//   const github = await FakeGitHub.start({ app: { id: 4711, slug: 'belay', ...createAppKey(), webhookSecret }, dataDir })
//   github.deliverTo('http://127.0.0.1:3000/api/github/webhooks')
//   const repo = await github.createRepository({ owner: 'acme', name: 'rocket', collaborators: { alice: 'write' } })
//   await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
//   const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
//   await pr.comment('alice', '/belay run')
//   await github.settled()                      // every webhook was answered
//
// The App reaches it with GHE_HOST=github.host and GHE_PROTOCOL=http, or octokit with baseUrl github.url or github.apiUrl.
// Reading: pr.comments, pr.checkRuns(), repo.git.refs(), github.calls, github.countCalls(...), github.deliveries,
// github.unknownRoutes, github.rateLimits. Faults (faults.ts names them all): github.faults.drop / delay / reorder / damage / ...,
// github.releaseDeliveries(), github.redeliver(id), github.clock, github.rateLimits.exhaust(...). Streams of webhooks to send again
// in any order: github.recordDeliveries() and scramble(...). Owners and admins act through installation-changes.ts and
// repository-changes.ts, the merge queue through merge-group.ts, labels through labels.ts.
// GraphQL is priced: github.graphqlCalls.total(installationId). What is true of a pull request now: truthOf in truth.ts. Much at once,
// without webhooks: addThreads and openPullRequests in bulk.ts, repo.quietly(...).
// Other types (ApiCall, CheckRun, FakeIssue, Role, ...) are imported from the files that own them.
// Rooms: json/ writes things as GitHub does, http/ is REST and git, graphql/ runs queries against GitHub's schema.
export { createAppKey } from './app-key.ts'
export type { FileChanges } from './bare-git.ts'
export type { IssueComment } from './conversation.ts'
export { FakeGitHub } from './fake-github.ts'
export type { FakePullRequest } from './pull-request.ts'
export type { FakeRepository } from './repository.ts'
export type { Delivery } from './webhooks.ts'
