// Writes a command as the line to copy. The inverse of parseCommands: what it writes is read back as the same command.

import { assertNever } from '../assert-never.ts'
import { COMMAND_PREFIX } from './command-address.ts'
import type { Command } from './parsed-command.ts'

/** Returns the canonical line of a command; with a prompt over several lines, the lines. */
export function renderCommand(command: Command & { readonly bare?: boolean }): string {
  const prefix = command.bare === true ? '/' : `${COMMAND_PREFIX} `
  return [`${prefix}${command.verb}`, ...listArguments(command)].join(' ')
}

/** Returns what follows the verb in the canonical line, word by word; a prompt is one word after `--`. */
export function listArguments(command: Command): readonly string[] {
  switch (command.verb) {
    case 'run':
      return [...given(command.agent), ...(command.prompt === null ? [] : ['--', command.prompt])]
    case 'continue':
    case 'abort':
    case 'populate':
    case 'retry':
      return given(command.decision)
    case 'answer':
      return [command.option, ...given(command.decision)]
    case 'rescue':
      return [...given(command.backup), ...(command.dirty ? ['--dirty'] : [])]
    case 'status':
    case 'sync':
    case 'stop':
    case 'help':
      return []
    default:
      return assertNever(command)
  }
}

function given(value: string | null): readonly string[] {
  return value === null ? [] : [value]
}
