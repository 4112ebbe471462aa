// What the operator reads when the program starts or refuses to. One sentence per fault, saying what to do.

import { assertNever } from '../assert-never.ts'
import type { EnvironmentFault, EnvironmentNotice } from '../config/environment-fault.ts'

/** Returns one sentence that says what is wrong and what to do. Never quotes a secret. */
export function renderEnvironmentFault(fault: EnvironmentFault): string {
  const { variable } = fault
  switch (fault.kind) {
    case 'missing':
      return `${variable} is not set; ${WHERE_TO_FIND[variable] ?? 'set it'}.`
    case 'private_key_missing':
      return 'PRIVATE_KEY is not set; generate a private key on the settings page of the App and set PRIVATE_KEY_PATH to the downloaded file.'
    case 'private_key_unreadable':
      return `${variable} names ${fault.path}, which can not be read; correct the path or the permissions of the file.`
    case 'private_key_invalid':
      return variable === 'PRIVATE_KEY'
        ? 'PRIVATE_KEY is not a private key in PEM form; paste the whole file with its line breaks written as \\n, or set PRIVATE_KEY_PATH instead.'
        : 'PRIVATE_KEY_PATH names a file that is not a private key in PEM form; download a new one from the settings page of the App.'
    case 'secret_default':
      return `${variable} is "development", which everybody knows; make one with \`openssl rand -hex 32\` and set it in the App too.`
    case 'too_short':
      return `${variable} has fewer than ${fault.minimum} characters; make one with \`openssl rand -hex 32\` and set it in the App too.`
    case 'wrong_value':
      return `${variable} is "${fault.value}"; it must be ${fault.wanted}.`
    case 'token_entry_invalid':
      return `${variable} is not valid at entry ${fault.position}; write name:token with a token of at least 8 characters, separated by commas.`
    case 'token_repeated':
      return `${variable} repeats a token at entry ${fault.position}; give every name a token of its own.`
    case 'wrapper_missing':
      return `BELAY_ISOLATION is "wrapper" but ${variable} is not set; set it to the command that is put before every agent.`
    case 'wrapper_unused':
      return `${variable} is set but would not be used; set BELAY_ISOLATION to "wrapper", or remove ${variable}.`
    case 'wrapper_invalid':
      return `${variable} can not be read; write plain words, or a JSON list of strings when one holds spaces or quotes.`
    case 'not_available_yet':
      return `${variable} is set, but running on several machines is not available in this version; remove it.`
    default:
      return assertNever(fault)
  }
}

const WHERE_TO_FIND: Readonly<Partial<Record<EnvironmentFault['variable'], string>>> = {
  APP_ID: 'take the number from the settings page of the App',
  WEBHOOK_SECRET: 'make one with `openssl rand -hex 32` and set it in the App too',
}

/** Returns one sentence for the log at start. */
export function renderEnvironmentNotice(notice: EnvironmentNotice): string {
  switch (notice.kind) {
    case 'isolation_unset':
      return 'BELAY_ISOLATION is not set: everything works but runs, which are refused until it is `wrapper` or, openly, `none`.'
    case 'isolation_not_available':
      return 'BELAY_ISOLATION is `bubblewrap`, which is not available in this version: runs are refused until it is `wrapper` or, openly, `none`.'
    case 'secret_short':
      return `WEBHOOK_SECRET has ${notice.length} characters; at least ${notice.recommended} are recommended.`
    case 'unknown_variable':
      return `${notice.variable} is not read by Belay; ${notice.nearest} may be meant.`
    default:
      return assertNever(notice)
  }
}

/** Returns the whole refusal to do anything, for a terminal. */
export function renderConfigRefusal(faults: readonly string[]): string {
  const count = faults.length === 1 ? 'One thing is' : `${faults.length} things are`
  const lines = faults.map((fault) => `  - ${fault}`)
  return [
    `Belay did nothing. ${count} missing or wrong in its configuration:`,
    '',
    ...lines,
    '',
    'Settings are read from the environment and from .env in this folder; .env.example explains every one.',
    '',
  ].join('\n')
}
