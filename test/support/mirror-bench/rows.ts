// The rows that make a pull request of the fake GitHub one that is mirrored. Stores nothing.

import { toBranchName, toSha } from '../../../src/domain/ids.ts'
import type { PullRequest, Session } from '../../../src/domain/records.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import { toHtmlUrl } from '../fake-github/json/issue-json.ts'

export const PROJECT_ID = 'rope'

/** Returns a live session of a pull request, made at `now`. */
export function sessionRow(
  pr: FakePullRequest,
  { no, now }: { readonly no: number; readonly now: number },
): Session {
  return {
    id: `${PROJECT_ID}-${no}`,
    projectId: PROJECT_ID,
    no,
    state: 'live',
    prNumber: pr.number,
    branch: toBranchName(pr.headBranch),
    baseRef: pr.baseBranch,
    agent: 'nobody',
    startedBy: 'alice',
    runnerId: 'runner-1',
    lastSyncedSha: null,
    lastPushedSha: null,
    remoteMoved: null,
    reviewersDue: [],
    personActedAt: null,
    ending: null,
    createdAt: now,
    updatedAt: now,
  }
}

/** Returns a pull request as it is now. */
export function pullRequestRow(pr: FakePullRequest, sessionId: string): PullRequest {
  return {
    projectId: PROJECT_ID,
    number: pr.number,
    nodeId: pr.nodeId,
    title: pr.title,
    url: toHtmlUrl(pr),
    author: pr.author,
    authorIsBot: false,
    state: 'open',
    isDraft: pr.isDraft,
    headRef: pr.headBranch,
    headSha: toSha(pr.headSha),
    headRepositoryId: pr.repository.id,
    baseRef: pr.baseBranch,
    baseSha: toSha(pr.baseSha),
    sessionId,
    observedAt: Date.parse(pr.updatedAt),
  }
}
