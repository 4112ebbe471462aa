// `belay start`: the program from configuration to the signal that ends it.

import { createLog } from '../adapters/log/create-log.ts'
import { renderEnvironmentNotice } from '../domain/text/start-up.ts'
import { loadEnvironment } from '../edge/load-environment.ts'
import { composeBelay } from './compose.ts'
import type { Seams } from './seams.ts'

/** Starts the program in the folder's environment and resolves when a signal has ended it. */
export async function runProgram(folder: string, seams: Seams = {}): Promise<void> {
  const { config, notices } = loadEnvironment(folder)
  const log = createLog({ level: config.logLevel, isPretty: process.stdout.isTTY })
  for (const notice of notices) log.warn({}, renderEnvironmentNotice(notice))
  const signal = nextSignal()
  const belay = await composeBelay(config, log, seams)
  log.info({ signal: await signal }, 'belay_stopping')
  // A second signal means: at once. Nothing is lost by it; the next start picks everything up.
  void nextSignal().then(() => process.exit(1))
  await belay.close()
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const end = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', end)
      process.off('SIGINT', end)
      resolve(signal)
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })
}
