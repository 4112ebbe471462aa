// A fake GitHub with one repository and one pull request, and our door to it, without throttling.

import { createGitHub } from '../../../src/adapters/github/create-github.ts'
import type { GitHubDoor, GitHubOptions } from '../../../src/adapters/github/create-github.ts'
import type { RepositoryTarget } from '../../../src/domain/effects.ts'
import type { Log } from '../../../src/ports/surroundings.ts'
import type { FakeGitHub, FakePullRequest, FakeRepository } from '../../support/fake-github/index.ts'
import { createRocket, startFakeGitHub, testAppId } from '../../support/fake-github/start-fake-github.ts'

export const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface GitHubWorld {
  readonly fake: FakeGitHub
  readonly repo: FakeRepository
  readonly pr: FakePullRequest
  /** How effects address the repository. */
  readonly target: RepositoryTarget
  readonly github: GitHubDoor
  /** Another process of the same App. */
  open(over?: Partial<GitHubOptions>): GitHubDoor
  stop(): Promise<void>
}

export async function startGitHubWorld(): Promise<GitHubWorld> {
  const started = await startFakeGitHub()
  const fake = started.github
  const repo = await createRocket(started)
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  const pr = await repo.openPullRequest({ by: 'alice', head: 'feature', title: 'A feature' })
  const installation = fake.installations[0]
  if (installation === undefined) throw new Error('The App is not installed.')
  const open = (over: Partial<GitHubOptions> = {}): GitHubDoor =>
    createGitHub({
      appId: testAppId,
      privateKey: started.privateKey,
      apiBaseUrl: fake.apiUrl,
      markerKey: 'a secret of sixteen',
      log: SILENT,
      throttle: false,
      ...over,
    })
  return {
    fake,
    repo,
    pr,
    target: { installationId: installation.id, owner: 'acme', name: 'rocket' },
    github: open(),
    open,
    async stop() {
      await fake.settled()
      await started.stop()
    },
  }
}
