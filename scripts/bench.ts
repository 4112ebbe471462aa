// `npm run bench -- [suite] [--json FILE]`: measures Belay against plain git, in pairs. Exit code 0: measured, whatever
// the verdicts; 1: something could not be measured; 2: wrong usage.

import { writeFile } from 'node:fs/promises'
import { parseBenchArguments, USAGE } from './bench/arguments.ts'
import { findSuites } from './bench/find-suites.ts'
import { runSuites } from './bench/run-suites.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const suites = await findSuites()
  const asked = parseBenchArguments(process.argv.slice(2), suites)
  if (asked.kind === 'wrong') {
    console.error(`${asked.reason}\n\n${USAGE}\n`)
    for (const { name, about } of suites) console.error(`  ${name.padEnd(10)} ${about}`)
    return 2
  }
  const stop = new AbortController()
  const stopped = (): void => stop.abort(new Error('The run was stopped'))
  process.once('SIGINT', stopped)
  process.once('SIGTERM', stopped)
  const { results, failures } = await runSuites(asked.suites, {
    ...asked.options,
    signal: stop.signal,
    progress: (line) => console.error(line),
    print: (text) => console.log(text),
  })
  if (asked.json !== null) await writeFile(asked.json, `${JSON.stringify(results, null, 2)}\n`)
  return failures.length === 0 && results.length > 0 ? 0 : 1
}
