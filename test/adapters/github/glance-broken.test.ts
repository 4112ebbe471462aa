// Broken pull requests among many, however many: those behind them are looked at all the same.

import { expect, it } from 'vitest'
import type { ReadGraphql, ReadOrder, ReadResult } from '../../../src/adapters/github/graphql-reads.ts'
import { createFingerprints } from '../../../src/adapters/github/fingerprint.ts'
import { glance } from '../../../src/adapters/github/glance.ts'

const TARGET = { installationId: 1, owner: 'acme', name: 'rocket' }

/** GitHub gives up on every query that holds a broken pull request. */
function gitHubWith(broken: readonly number[]): { readonly read: ReadGraphql; readonly calls: () => number } {
  let calls = 0
  const read = async ({ variables }: ReadOrder): Promise<ReadResult<unknown>> => {
    calls += 1
    const numbers = Object.entries(variables).filter(([name]) => name.startsWith('number'))
    if (numbers.some(([, number]) => broken.includes(Number(number)))) {
      return { kind: 'unavailable', failure: { kind: 'try_later', afterMs: 1000, message: 'status 502' } }
    }
    const looks = numbers.map(([name, number]) => [
      name.replace('number', 'p'),
      {
        pullRequest: { id: `PR_${String(number)}`, mergeable: 'MERGEABLE', reviewThreads: { pageInfo: {} } },
      },
    ])
    return { kind: 'answered', data: Object.fromEntries(looks) as unknown, faults: [], cost: 1 }
  }
  return { read: read as ReadGraphql, calls: () => calls }
}

it('looks at all that are whole, whatever is broken before them', async () => {
  const broken = [5, 30, 31, 60, 99, 130, 131, 132]
  const gitHub = gitHubWith(broken)
  const names = Array.from({ length: 150 }, (_each, number) => ({ repository: TARGET, number }))
  const outcomes = await glance({ read: gitHub.read, fingerprint: createFingerprints() }, names)
  const unseen = names.flatMap(({ number }, at) => (outcomes[at]?.kind === 'seen' ? [] : [number]))
  expect(unseen).toEqual(broken)
  expect(gitHub.calls()).toBeLessThan(6 + broken.length * 12)
})
