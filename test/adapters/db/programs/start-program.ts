// Starts one of the programs beside this file as a real process and reads what it says, line by line.

import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { programArguments } from '../../../support/program-arguments.ts'

export interface Program {
  readonly child: ChildProcess
  /** Returns the next line, or null when the program ended. */
  nextLine(): Promise<string | null>
  /** Resolves when it ended. */
  readonly ended: Promise<void>
}

/** Starts `<name>.ts` with the arguments; ended with the test at the latest. */
export function startProgram(name: string, ...args: readonly string[]): Program {
  const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, [...programArguments(path), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    child,
    ended,
    nextLine: async () => {
      const line = await lines.next()
      return line.done === true ? null : line.value
    },
  }
}
