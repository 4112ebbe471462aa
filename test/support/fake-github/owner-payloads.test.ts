// The webhooks that owners, admins and the merge queue cause, compared with GitHub's published examples.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  acceptPermissions,
  coverRepository,
  suspendInstallation,
  uncoverRepository,
  uninstall,
  unsuspendInstallation,
} from './installation-changes.ts'
import { addLabel, removeLabel } from './labels.ts'
import { destroyMergeGroup, requestMergeGroup } from './merge-group.ts'
import { differences, publishedExamples, sharedShape } from './payload-shape.ts'
import type { ShapeRules } from './payload-shape.ts'
import { appPermissions } from './permissions.ts'
import {
  archiveRepository,
  changeDefaultBranch,
  deleteRepository,
  renameRepository,
  transferRepository,
  unarchiveRepository,
} from './repository-changes.ts'
import { startFakeGitHub } from './start-fake-github.ts'
import type { StartedFake } from './start-fake-github.ts'

let fake: StartedFake

/** One event; `like` is the published action to compare with, where none is published of this one. */
interface EventCase {
  readonly event: string
  readonly action: string
  readonly like?: string
}

const events: readonly EventCase[] = [
  { event: 'repository', action: 'renamed' },
  { event: 'repository', action: 'transferred' },
  { event: 'repository', action: 'edited' },
  { event: 'repository', action: 'archived', like: 'created' },
  { event: 'repository', action: 'unarchived', like: 'created' },
  { event: 'repository', action: 'deleted', like: 'created' },
  { event: 'installation', action: 'suspend' },
  { event: 'installation', action: 'unsuspend' },
  { event: 'installation', action: 'new_permissions_accepted' },
  { event: 'installation', action: 'deleted' },
  { event: 'installation_repositories', action: 'removed' },
  { event: 'merge_group', action: 'checks_requested' },
  { event: 'merge_group', action: 'destroyed', like: 'checks_requested' },
  { event: 'pull_request', action: 'labeled' },
  { event: 'pull_request', action: 'unlabeled' },
]

// Examples come from one-file Apps, from user accounts, and from repositories somebody described.
const rules: ShapeRules = {
  isNullable: (path) =>
    /(^|\.)(description|homepage|language|license|milestone|assignee|body|requester)$/.test(path) ||
    /(^|\.)(single_file_name|merge_commit_sha|merged_at|closed_at|mergeable|rebaseable)$/.test(path),
  isOpenMap: (path) => /(^|\.)permissions$/.test(path),
}

beforeAll(async () => {
  fake = await startFakeGitHub()
  await play(fake)
  await fake.github.settled()
})

afterAll(() => fake.stop())

describe('webhook payloads of owners and admins', () => {
  it.each(events)('have every field of the published $event $action', ({ event, action, like }) => {
    const examples = publishedExamples(event, like ?? action)
    expect(examples.length).toBeGreaterThan(0)
    const sent = fake.github.deliveries.filter((one) => one.event === event && one.action === action)
    expect(sent.length).toBeGreaterThan(0)
    for (const { payload } of sent) expect(differences(payload, sharedShape(examples), rules)).toEqual([])
  })
})

async function play({ github }: StartedFake): Promise<void> {
  const { world } = github
  const repo = await github.createRepository({
    owner: 'acme',
    name: 'rocket',
    collaborators: { alice: 'write' },
  })
  await github.createRepository({ owner: 'globex', name: 'other' })
  await repo.push({ by: 'alice', branch: 'feature', files: { 'a.txt': 'one\n' } })
  const pr = await repo.openPullRequest({ by: 'alice', head: 'feature' })
  addLabel(pr, 'alice', 'hold')
  removeLabel(pr, 'alice', 'hold')
  const group = await requestMergeGroup(pr, 'alice')
  await destroyMergeGroup(pr, group, { by: 'alice', reason: 'invalidated' })
  await changeDefaultBranch(repo, 'acme-owner', 'feature')
  archiveRepository(repo, 'acme-owner')
  unarchiveRepository(repo, 'acme-owner')
  renameRepository(repo, 'acme-owner', 'spaceship')
  uncoverRepository(repo)
  coverRepository(repo, appPermissions)
  suspendInstallation(world, 'acme')
  unsuspendInstallation(world, 'acme')
  acceptPermissions(world, 'acme', appPermissions)
  deleteRepository(repo, 'acme-owner')
  // From a person, as in every published example.
  const gift = await github.createRepository({ owner: 'dora', ownerType: 'User', name: 'gift' })
  transferRepository(gift, 'dora', { owner: 'globex', covered: true })
  uninstall(world, 'globex')
}
