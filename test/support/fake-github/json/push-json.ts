// The `push` webhook: one moved branch or tag with the commits that came with it.
import { noreplyAddress } from '../people.ts'
import type { Account } from '../people.ts'
import type { RefMove } from '../pushes.ts'
import type { FakeRepository } from '../repository.ts'

/** A moved ref and who moved it. */
export interface PushFacts {
  readonly repository: FakeRepository
  readonly move: RefMove
  readonly pusher: Account
}

const noCommit = '0'.repeat(40)
/** GitHub sends up to 2048 commits; a test that needs more than these needs another fake. */
const mostCommits = 200

/** Returns the payload of a push, read from git, without repository, sender and installation. */
export async function toPushEvent({ repository, move, pusher }: PushFacts): Promise<Record<string, unknown>> {
  const { git, world, fullName } = repository
  const { ref, before, after } = move
  const [isRewrite, commits, head] = await Promise.all([
    before !== undefined && after !== undefined && git.isAncestor(before, after).then((isKept) => !isKept),
    after === undefined || !ref.startsWith('refs/heads/') ? [] : listCommits(repository, move),
    after === undefined ? [] : readCommits(repository, ['-1', after]),
  ])
  const shown =
    before === undefined || after === undefined ? '' : `${before.slice(0, 12)}...${after.slice(0, 12)}`
  return {
    ref,
    before: before ?? noCommit,
    after: after ?? noCommit,
    pusher: { name: pusher.login, email: noreplyAddress(pusher) },
    created: before === undefined,
    deleted: after === undefined,
    forced: isRewrite,
    base_ref: null,
    compare: `${world.links.html}/${fullName}/compare/${shown || ref.replace(/^refs\/(heads|tags)\//, '')}`,
    commits,
    head_commit: head[0] ?? null,
  }
}

function listCommits(
  repository: FakeRepository,
  { ref, before, after }: RefMove,
): Promise<Record<string, unknown>[]> {
  const branch = ref.slice('refs/heads/'.length)
  const known = before === undefined ? ['--not', `--exclude=${branch}`, '--branches'] : [`^${before}`]
  return readCommits(repository, [`-${mostCommits}`, after ?? noCommit, ...known])
}

async function readCommits(repository: FakeRepository, range: string[]): Promise<Record<string, unknown>[]> {
  const format = '--format=%x01%H%x00%T%x00%an%x00%ae%x00%aI%x00%B%x02'
  const args = ['log', '--reverse', '--no-renames', '--name-status', format, ...range]
  const text = (await repository.git.tryRun(args)) ?? ''
  return text
    .split('\u0001')
    .slice(1)
    .map((entry) => toCommitJson(repository, entry))
}

function toCommitJson(repository: FakeRepository, entry: string): Record<string, unknown> {
  const [header = '', files = ''] = entry.split('\u0002')
  const [id = '', tree = '', name = '', email = '', timestamp = '', message = ''] = header.split('\0')
  const username = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1]
  const person = { name, email, ...(username !== undefined && { username }) }
  const paths = (letter: string): string[] =>
    files
      .split('\n')
      .filter((line) => line.startsWith(`${letter}\t`))
      .map((line) => line.slice(2))
  return {
    id,
    tree_id: tree,
    distinct: true,
    message: message.trimEnd(),
    timestamp,
    url: `${repository.world.links.html}/${repository.fullName}/commit/${id}`,
    author: person,
    committer: person,
    added: paths('A'),
    removed: paths('D'),
    modified: paths('M'),
  }
}
