// `npm run demo`: plays Belay's main job twice against a GitHub on this machine, and lets a separate judge say whether
// anything was lost. No network, no credentials. `--keep` keeps the folders. Exit code 0: all well, 1: not.
import { parseArgs } from 'node:util'
import { paintFor } from './demo/paint.ts'
import { playDemo } from './demo/play.ts'

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
const fault = process.env['BELAY_FAULT']
const isGood = await playDemo({
  paint: paintFor(process.stdout),
  write: (line) => console.log(line),
  env: fault === undefined ? {} : { BELAY_FAULT: fault },
  keepsFolders: values.keep,
})
process.exitCode = isGood ? 0 : 1
