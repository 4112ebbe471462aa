// The states of a remote that no sync may follow, made as people make them on GitHub, and how a person cures each.
// Asserts nothing.

import type { BlockedState, Place } from './blocked-state.ts'

/** Deletes the remote branch while every webhook about it is lost: on GitHub this closes the pull request as well. */
async function deleteUnseen({ bench, branch }: Place): Promise<void> {
  bench.github.faults.drop({ event: 'push', times: 1 })
  bench.github.faults.drop({ event: 'pull_request', times: 1 })
  await bench.repo.push({ by: 'alice', branch, delete: true })
}

async function pushBack({ bench, branch, start }: Place): Promise<void> {
  await bench.repo.push({ by: 'alice', branch, to: start, force: true })
  await bench.settle()
}

/** Every state a remote can be in; after the last one its pull request can not be used again. */
export const BLOCKED_REMOTES: readonly BlockedState[] = [
  {
    case: 'unrelated_histories',
    async make({ bench, branch }) {
      const { git: origin } = bench.repo
      const who = ['-c', 'user.name=alice', '-c', 'user.email=alice@example.com']
      const root = await origin.run([...who, 'commit-tree', '-m', 'Another world', `${branch}^{tree}`])
      await bench.repo.push({ by: 'alice', branch, to: root, force: true })
    },
    trigger: 'remote',
    note: '',
    cure: pushBack,
    ends: 'already_in_sync',
  },
  {
    case: 'fetch_failed',
    make({ bench }) {
      bench.watch.tokens = 'revoked'
      return Promise.resolve()
    },
    trigger: 'push',
    brings: { 'other.txt': 'other\n' },
    note: /could not read Username|Authentication failed|401/,
    cure({ bench }) {
      bench.watch.tokens = 'good'
      return Promise.resolve()
    },
    ends: 'fast_forwarded',
  },
  {
    case: 'remote_deleted',
    make: deleteUnseen,
    trigger: 'command',
    note: '',
    async cure({ bench, branch, start }) {
      await bench.repo.push({ by: 'alice', branch, to: start })
      await bench.settle()
    },
    ends: 'already_in_sync',
  },
]
