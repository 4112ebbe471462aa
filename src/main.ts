#!/usr/bin/env node
// The program `belay`: hands the command line to the edge and ends with its exit code.

import { readFileSync } from 'node:fs'

import { runCli } from './edge/cli.ts'
import { cliActions } from './main/cli-actions.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  actions: cliActions(process.cwd()),
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
})
