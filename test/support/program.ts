// The test build of the program: the same composition as src/main.ts, with GitHub's pace switched off and, when asked
// for by the environment, a planted fault. Started as a process of its own: `node --import tsx test/support/program.ts start`.

import { runProgram } from '../../src/main/run-program.ts'
import type { Seams } from '../../src/main/seams.ts'
import { renderFailure } from '../../src/domain/text/cli-results.ts'
import { isAppError } from '../../src/domain/errors/app-error.ts'
import { killAt } from './faults/kill-at.ts'
import { pinsThatLie } from './faults/pins-that-lie.ts'

const PACE = { throttle: false, restartDelayMs: 100 } satisfies Seams

function seamsOf(env: NodeJS.ProcessEnv): Seams {
  const { BELAY_FAULT: fault, BELAY_KILL_AT: kill } = env
  if (fault !== undefined && fault !== 'skip_pin') throw new Error(`Unknown fault: ${fault}`)
  return {
    ...PACE,
    ...(fault === 'skip_pin' ? { pins: () => pinsThatLie } : {}),
    ...(kill === undefined ? {} : killAt(Number(kill))),
  }
}

try {
  await runProgram(process.cwd(), seamsOf(process.env))
} catch (error) {
  process.stderr.write(renderFailure(error))
  process.exitCode = isAppError(error, 'CONFIG_INVALID') ? 2 : 1
}
