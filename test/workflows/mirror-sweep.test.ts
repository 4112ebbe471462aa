// One sweep of 200 pull requests: one is gone and one is broken, and neither hurts the others.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FakePullRequest } from '../support/fake-github/index.ts'
import { MirrorBench } from '../support/mirror-bench/bench.ts'
import { startProgram, type Program } from '../support/mirror-bench/program.ts'

let bench: MirrorBench
let program: Program

beforeAll(async () => {
  bench = await MirrorBench.start()
  program = await startProgram(bench)
})

afterAll(async () => {
  await program?.close()
  await bench?.close()
})

const COUNT = 200
const GONE = 60
const BROKEN = 10

async function readNumbers(): Promise<readonly unknown[]> {
  const rows = await bench.reader.query(
    `SELECT pr_number FROM mirrors WHERE threads = 'complete' AND reviews = 'complete' AND checks = 'complete' ORDER BY pr_number`,
  )
  return rows.map(({ prNumber }) => prNumber)
}

function without(prs: readonly FakePullRequest[], ...left: readonly number[]): readonly number[] {
  return prs.map(({ number }) => number).filter((_, position) => !left.includes(position))
}

describe('a sweep of 200 pull requests', () => {
  it(
    'reads all but the gone and the broken one, and the broken one next time',
    { timeout: 240_000 },
    async () => {
      const prs = await bench.open(COUNT)
      for (const { mergeability } of prs) mergeability.ask = async () => 'MERGEABLE'
      await bench.mirror(prs)
      const { conversations } = bench.repo
      const gone = conversations.splice(GONE, 1)
      bench.github.faults.damage({ how: 'null_object', at: new RegExp(`^p${BROKEN}$`), times: 1 })
      expect(await program.sweep()).toEqual({ looked: COUNT, toRead: COUNT - 1 })
      await program.rest()
      expect(await readNumbers()).toEqual(without(prs, GONE, BROKEN))
      const left = await program.deps.store.find('sessions', { prNumber: gone[0]?.number ?? 0 })
      expect(left).toMatchObject({ state: 'stopped' })
      expect(await program.sweep()).toEqual({ looked: COUNT - 1, toRead: 1 })
      await program.rest()
      expect(await readNumbers()).toEqual(without(prs, GONE))
    },
  )
})
