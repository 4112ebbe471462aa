// What moved refs set off: `push` for branches and tags, then new heads of pull requests.
// The same code serves pushes over HTTP, pushes of people, and merges.
import type { Refs } from './bare-git.ts'
import { isObject } from './http/request-body.ts'
import { toPushEvent } from './json/push-json.ts'
import { toRepositoryJson } from './json/repository-json.ts'
import { noreplyAddress } from './people.ts'
import type { Account } from './people.ts'
import type { FakeRepository } from './repository.ts'

/** One ref before and after a push; undefined where it did not exist. */
export interface RefMove {
  readonly ref: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** Moved refs and who moved them. */
export interface Push {
  readonly repository: FakeRepository
  readonly moves: readonly RefMove[]
  readonly pusher: Account
}

/** Returns the refs that differ. */
export function diffRefs(before: Refs, after: Refs): RefMove[] {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  return names
    .map((ref) => ({ ref, before: before.get(ref), after: after.get(ref) }))
    .filter((move) => move.before !== move.after)
}

/** Sends the webhooks of a push and moves the heads of pull requests; other namespaces than heads and tags are silent. */
export async function announceMoves({ repository, moves, pusher }: Push): Promise<void> {
  for (const move of moves.filter(({ ref }) => /^refs\/(heads|tags)\//.test(ref))) {
    repository.pushedAt = repository.world.clock.nowIso()
    const payload = await toPushEvent({ repository, move, pusher })
    const head = payload['head_commit']
    if (move.after !== undefined && isObject(head)) repository.pushedCommits.set(move.after, head)
    const json = toRepositoryJson(repository)
    const owner = { name: repository.owner.login, email: noreplyAddress(repository.owner) }
    repository.send({ event: 'push', payload, sender: pusher, repositoryJson: toPushRepository(json, owner) })
    forgetMergeability(repository, move)
    await followHeads(repository, move, pusher)
  }
}

function forgetMergeability(repository: FakeRepository, { ref }: RefMove): void {
  const onIt = repository.pullRequests.filter(({ baseBranch }) => ref === `refs/heads/${baseBranch}`)
  for (const pr of onIt) pr.mergeability.forget()
}

async function followHeads(repository: FakeRepository, move: RefMove, pusher: Account): Promise<void> {
  const branch = move.ref.startsWith('refs/heads/') ? move.ref.slice('refs/heads/'.length) : undefined
  const all = repository.world.repositories.list().flatMap(({ pullRequests }) => pullRequests)
  const followers = all.filter(
    (pr) => pr.state === 'open' && pr.headRepository === repository && pr.headBranch === branch,
  )
  for (const pr of followers) {
    if (move.after === undefined) pr.shut(pusher)
    else await pr.moveHead(move.after, pusher)
  }
}

// In `push`, unlike everywhere else, the times of a repository are numbers and its owner has a name and an address.
function toPushRepository(
  json: Readonly<Record<string, unknown>>,
  owner: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const seconds = (value: unknown): number => Math.floor(Date.parse(String(value)) / 1000)
  const known = typeof json['owner'] === 'object' ? json['owner'] : {}
  return {
    ...json,
    owner: { ...owner, ...known },
    created_at: seconds(json['created_at']),
    pushed_at: seconds(json['pushed_at']),
    stargazers: 0,
    master_branch: json['default_branch'],
  }
}
