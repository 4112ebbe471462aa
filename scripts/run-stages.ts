// Runs stages one after another and says what each saw. Knows no stage by name.

import type { Stage } from './check-stages.ts'

/** What became of one stage; a stage that was not reached has no result. */
export interface StageResult {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}

/** How to run them; `print` takes one line. */
export interface StageRun {
  readonly root: string
  readonly afterFailure: 'stop' | 'go_on'
  readonly print: (line: string) => void
}

/** How many faults are printed in full, so that the first one stays on the screen. */
const SHOWN_FAULTS = 100

/** Runs stages in order and returns what became of each one that ran. */
export async function runStages(stages: readonly Stage[], run: StageRun): Promise<readonly StageResult[]> {
  const results: StageResult[] = []
  for (const stage of stages) {
    const result = await runStage(stage, run)
    results.push(result)
    if (!result.passed && run.afterFailure === 'stop') break
  }
  return results
}

async function runStage(stage: Stage, { root, print }: StageRun): Promise<StageResult> {
  const start = performance.now()
  const { saw, faults } = await stage.run(root).catch((error: unknown) => ({
    saw: 'nothing',
    faults: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  }))
  const seconds = (performance.now() - start) / 1000
  const passed = faults.length === 0
  const mark = passed ? 'ok    ' : 'FAILED'
  print(`${mark} ${stage.name.padEnd(11)} ${seconds.toFixed(1).padStart(6)} s  ${saw}`)
  for (const fault of faults.slice(0, SHOWN_FAULTS)) print(`         ${fault}`)
  if (faults.length > SHOWN_FAULTS) print(`         and ${faults.length - SHOWN_FAULTS} more`)
  return { name: stage.name, passed, seconds }
}
