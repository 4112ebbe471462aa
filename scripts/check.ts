// `npm run check`: everything CI proves, in one command. Stops at the first failure.

import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { STAGES, type Stage } from './check-stages.ts'
import { ROOT } from './repository-files.ts'
import { runStages } from './run-stages.ts'

const USAGE = `npm run check -- [--only STAGE]... [--no-tests] [--keep-going] [--report FILE]
stages: ${STAGES.map((stage) => stage.name).join(', ')}`

/** Returns the stages that the command line asks for, or null when it names one that is not there. */
function chosen(only: readonly string[], withoutTests: boolean): readonly Stage[] | null {
  if (only.some((name) => !STAGES.some((stage) => stage.name === name))) return null
  const wanted = only.length === 0 ? STAGES : STAGES.filter((stage) => only.includes(stage.name))
  const stages = withoutTests ? wanted.filter((stage) => stage.name !== 'tests') : wanted
  return stages.length === 0 ? null : stages
}

function readArguments(): {
  readonly stages: readonly Stage[]
  readonly keepGoing: boolean
  readonly report: string | null
} | null {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        'no-tests': { type: 'boolean', default: false },
        'keep-going': { type: 'boolean', default: false },
        report: { type: 'string' },
      },
    })
    const stages = chosen(values.only, values['no-tests'])
    if (stages === null) return null
    return { stages, keepGoing: values['keep-going'], report: values.report ?? null }
  } catch {
    return null
  }
}

async function main(): Promise<number> {
  const wanted = readArguments()
  if (wanted === null) {
    console.error(USAGE)
    return 2
  }
  const results = await runStages(wanted.stages, {
    root: ROOT,
    afterFailure: wanted.keepGoing ? 'go_on' : 'stop',
    print: (line) => console.log(line),
  })
  if (wanted.report !== null) await writeFile(wanted.report, JSON.stringify({ stages: results }))
  const failed = results.filter((result) => !result.passed)
  const total = results.reduce((sum, result) => sum + result.seconds, 0)
  if (failed.length === 0) console.log(`all ${results.length} stages passed in ${total.toFixed(0)} s`)
  return failed.length === 0 ? 0 : 1
}

process.exitCode = await main()
