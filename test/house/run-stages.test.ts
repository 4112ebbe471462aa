import { describe, expect, it } from 'vitest'
import type { Stage } from '../../scripts/check-stages.ts'
import { runStages } from '../../scripts/run-stages.ts'

const GOOD: Stage = { name: 'good', run: async () => ({ saw: 'all', faults: [] }) }
const BAD: Stage = { name: 'bad', run: async () => ({ saw: 'all', faults: ['a.ts: wrong'] }) }
const BROKEN: Stage = { name: 'broken', run: () => Promise.reject(new Error('the tool is missing')) }

async function run(
  stages: readonly Stage[],
  afterFailure: 'stop' | 'go_on',
): Promise<{ readonly results: readonly string[]; readonly printed: string }> {
  const lines: string[] = []
  const results = await runStages(stages, { root: '.', afterFailure, print: (line) => lines.push(line) })
  return { results: results.map(({ name, passed }) => `${name} ${passed}`), printed: lines.join('\n') }
}

describe('runStages', () => {
  it('stops at the first failure and prints its faults', async () => {
    const { results, printed } = await run([GOOD, BAD, GOOD], 'stop')
    expect(results).toEqual(['good true', 'bad false'])
    expect(printed).toContain('a.ts: wrong')
  })

  it('goes on when asked to', async () => {
    const { results } = await run([BAD, GOOD], 'go_on')
    expect(results).toEqual(['bad false', 'good true'])
  })

  it('takes a check that could not run for a failed one', async () => {
    const { results, printed } = await run([BROKEN], 'stop')
    expect(results).toEqual(['broken false'])
    expect(printed).toContain('the tool is missing')
  })
})
