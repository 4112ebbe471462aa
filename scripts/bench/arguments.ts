// The command line of the benchmarks. Reads words only; runs nothing.

import { parseArgs } from 'node:util'
import type { BenchOptions, Suite } from './suite.ts'

const FEWEST_PAIRS = 20

export const USAGE = `npm run bench -- [suite] [--json FILE] [--pairs N] [--only PART] [--small]

  --json FILE   writes the results as JSON
  --pairs N     pairs for each result, at least ${FEWEST_PAIRS} (fewer only with --small)
  --only PART   only results whose name holds this
  --small       a small repository: shows that everything runs, says nothing about speed`

export type BenchArguments =
  | {
      readonly kind: 'run'
      readonly suites: readonly Suite[]
      readonly json: string | null
      readonly options: Pick<BenchOptions, 'pairs' | 'isSmall' | 'filter'>
    }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Returns what was asked for, or what is wrong with it. */
export function parseBenchArguments(words: readonly string[], suites: readonly Suite[]): BenchArguments {
  let parsed
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        pairs: { type: 'string', default: `${FEWEST_PAIRS}` },
        only: { type: 'string', default: '' },
        small: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return { kind: 'wrong', reason: error instanceof Error ? error.message : String(error) }
  }
  const { values, positionals } = parsed
  const unknown = positionals.filter((name) => !suites.some((suite) => suite.name === name))
  if (unknown.length > 0) return { kind: 'wrong', reason: `There is no suite ${unknown.join(', ')}.` }
  const pairs = Number(values.pairs)
  const fewest = values.small ? 1 : FEWEST_PAIRS
  if (!Number.isSafeInteger(pairs) || pairs < fewest)
    return { kind: 'wrong', reason: `--pairs must be a whole number of at least ${fewest}.` }
  return {
    kind: 'run',
    suites: positionals.length === 0 ? suites : suites.filter(({ name }) => positionals.includes(name)),
    json: values.json ?? null,
    options: { pairs, isSmall: values.small, filter: values.only },
  }
}
