import { describe, expect, it } from 'vitest'
import { findSuites } from '../../../scripts/bench/find-suites.ts'
import { runSuites, type BenchReport } from '../../../scripts/bench/run-suites.ts'
import type { Measured, Suite } from '../../../scripts/bench/suite.ts'

const benchmark = { name: 'climb', against: 'the stairs', goal: 2, better: 'lower' } as const
const times = Array.from({ length: 20 }, () => ({ ours: 3, baseline: 1 }))

function suiteOf(name: string, ...all: readonly (Measured | Error)[]): Suite {
  async function* run(): AsyncGenerator<Measured> {
    for (const one of await Promise.resolve(all)) {
      if (one instanceof Error) throw one
      yield one
    }
  }
  return { name, about: '', run }
}

async function play(...suites: readonly Suite[]): Promise<BenchReport & { readonly printed: string }> {
  const lines: string[] = []
  const progress = (): void => undefined
  const options = {
    pairs: 20,
    isSmall: false,
    filter: '',
    progress,
    print: (text: string) => void lines.push(text),
  }
  return { ...(await runSuites(suites, options)), printed: lines.join('\n') }
}

describe('runSuites', () => {
  it('says plainly when a goal is missed, which is no failure', async () => {
    const report = await play(suiteOf('wall', { kind: 'measured', benchmark, times, processes: [] }))
    expect(report.results).toMatchObject([{ suite: 'wall', name: 'climb', ratio: 3, ok: false }])
    expect(report.failures).toEqual([])
    expect(report.printed).toContain('ok: no   wall climb: 3.00 to 3.00 is not wholly on the right side of 2')
  })

  it('keeps what was measured when something else could not be', async () => {
    const report = await play(
      suiteOf('broken', new Error('the rope tore')),
      suiteOf(
        'wall',
        { kind: 'not_measured', benchmark, reason: 'no grip' },
        { kind: 'measured', benchmark, times, processes: [] },
      ),
    )
    expect(report.results).toHaveLength(1)
    expect(report.failures).toHaveLength(2)
    expect(report.printed).toContain('Not measured: broken: Error: the rope tore')
    expect(report.printed).toContain('Not measured: wall climb: no grip')
  })
})

describe('findSuites', () => {
  it('finds the suites by their files', async () => {
    expect((await findSuites()).map(({ name }) => name)).toContain('sync')
  })
})
