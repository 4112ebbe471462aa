// A program of its own for tests that kill it: makes a runner and runs one plan. Arguments: a file with the order.

import { readFile } from 'node:fs/promises'
import { createEmbeddedRunner } from '../../src/adapters/runner/embedded-runner.ts'
import type { ExecuteOrder } from '../../src/ports/runner.ts'
import { embeddedOptions } from './embedded-runner.ts'

interface Given {
  readonly home: string
  readonly gitBaseUrl: string
  readonly order: ExecuteOrder
}

const given = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as Given
const runner = await createEmbeddedRunner(
  embeddedOptions({
    home: given.home,
    gitBaseUrl: given.gitBaseUrl,
    agentsFile: null,
    isolation: { kind: 'none' },
    host: process.env,
    operatorHome: given.home,
    onGitProcess: () => undefined,
  }),
)
for await (const { step, outcome } of runner.execute(given.order)) {
  process.stdout.write(`${step.kind} ${outcome.kind}\n`)
}
