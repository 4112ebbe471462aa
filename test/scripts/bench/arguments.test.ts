import { describe, expect, it } from 'vitest'
import { parseBenchArguments } from '../../../scripts/bench/arguments.ts'
import type { Suite } from '../../../scripts/bench/suite.ts'

const suites = ['mirror', 'sync'].map((name): Suite => ({ name, about: '', run: () => nothing() }))

async function* nothing(): AsyncGenerator<never> {
  yield* await Promise.resolve([])
}

function parse(...words: readonly string[]): ReturnType<typeof parseBenchArguments> {
  return parseBenchArguments(words, suites)
}

describe('parseBenchArguments', () => {
  it('runs every suite with twenty pairs when nothing is said', () => {
    const options = { pairs: 20, isSmall: false, filter: '' }
    expect(parse()).toEqual({ kind: 'run', suites, json: null, options })
  })

  it('takes suite, file and the rest', () => {
    const asked = parse('sync', '--json', 'out.json', '--pairs', '3', '--small', '--only', 'rebase')
    const options = { pairs: 3, isSmall: true, filter: 'rebase' }
    expect(asked).toEqual({ kind: 'run', suites: [suites[1]], json: 'out.json', options })
  })

  it.each([
    [['snyc'], 'There is no suite snyc.'],
    [['--pairs', '19'], '--pairs must be a whole number of at least 20.'],
    [['--pairs', 'many', '--small'], '--pairs must be a whole number of at least 1.'],
    [['--jsno', 'x'], "Unknown option '--jsno'"],
  ])('refuses %j', (words, reason) => {
    const asked = parse(...words)
    expect(asked).toMatchObject({ kind: 'wrong' })
    expect(asked.kind === 'wrong' && asked.reason).toContain(reason)
  })
})
