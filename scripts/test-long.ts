// `npm run test:long -- --minutes N --seed S [--suite NAME] [--report FILE]`: the generators of the tests until the time
// is up. `--path P` plays one failed case again. Ends with 1 on a failure, 2 on wrong usage.

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { KILL_SUITE } from './test-long/kill-suite.ts'
import { MIRROR_SUITE } from './test-long/mirror-suite.ts'
import { PIPELINE_SUITE } from './test-long/pipeline-suite.ts'
import type { Suite, SuiteFailure, SuiteResult } from './test-long/suite.ts'
import { SYNC_SUITE } from './test-long/sync-suite.ts'

const SUITES: readonly Suite[] = [SYNC_SUITE, KILL_SUITE, MIRROR_SUITE, PIPELINE_SUITE]
const PROGRESS_MS = 30_000
const MOST_SEEDS = 2 ** 31

interface LongOrder {
  readonly suite: Suite
  readonly minutes: number
  readonly seed: number
  readonly path: string | null
  readonly report: string | null
}

process.exitCode = await main()

async function main(): Promise<number> {
  const order = readOrder()
  if (order === null) {
    const names = SUITES.map(({ name }) => name).join(', ')
    console.error(`Usage: test-long [--minutes N] [--seed S] [--suite ${names}] [--path P] [--report FILE]`)
    return 2
  }
  console.log(`Suite ${order.suite.name}, seed ${order.seed}, ${order.minutes} minutes.`)
  const started = new Date().toISOString()
  const begun = performance.now()
  const result = await order.suite.run({
    seed: order.seed,
    path: order.path,
    until: begun + order.minutes * 60_000,
    progress: everyHalfMinute(begun),
    failed: (failure) => {
      for (const line of failureLines(failure)) console.log(line)
    },
  })
  const minutes = Math.round((performance.now() - begun) / 600) / 100
  if (order.report !== null) await writeReport(order, { started, minutes, result })
  for (const line of summary(result)) console.log(line)
  return result.failures.length > 0 || result.cases === 0 ? 1 : 0
}

function readOrder(): LongOrder | null {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      options: { minutes: text, seed: text, suite: text, path: text, report: text },
    })
    const suite = SUITES.find(({ name }) => name === (values.suite ?? SUITES[0]?.name))
    const minutes = Number(values.minutes ?? '30')
    const seed = Number(values.seed ?? Math.floor(Math.random() * MOST_SEEDS))
    const isUsable = minutes > 0 && Number.isSafeInteger(seed) && seed >= 0 && seed < MOST_SEEDS
    if (suite === undefined || !isUsable) return null
    return { suite, minutes, seed, path: values.path ?? null, report: values.report ?? null }
  } catch {
    return null
  }
}

function everyHalfMinute(begun: number): (line: string) => void {
  let next = begun + PROGRESS_MS
  return (line) => {
    const now = performance.now()
    if (now < next) return
    next = now + PROGRESS_MS
    console.log(`${Math.round((now - begun) / 1000)} s: ${line}`)
  }
}

interface Ended {
  readonly started: string
  readonly minutes: number
  readonly result: SuiteResult
}

async function writeReport(order: LongOrder, { started, minutes, result }: Ended): Promise<void> {
  const { cases, counts, failures } = result
  const report = { suite: order.suite.name, seed: order.seed, started, minutes, cases, ...counts, failures }
  const file = order.report ?? ''
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
}

function failureLines({ message, counterexample, replay }: SuiteFailure): readonly string[] {
  return ['', 'FAILED', message, JSON.stringify(counterexample), replay]
}

function summary({ failures, summary: lines }: SuiteResult): readonly string[] {
  return [
    ...lines,
    ...failures.flatMap(failureLines),
    failures.length === 0 ? 'Everything held.' : `${failures.length} failed.`,
  ]
}
