// What the command line says after it did something, and how it shows a failure.

import { isAppError } from '../errors/app-error.ts'
import { redactSecrets } from '../redact-secrets.ts'
import { visible } from './markdown.ts'
import { renderConfigRefusal } from './start-up.ts'

export const CLI_RESULTS = {
  migrated: (database: string) => `The database ${database} is up to date.\n`,
  replayed: (delivery: string) => `Delivery ${delivery} is pending again.\n`,
  dropped: (delivery: string) => `Delivery ${delivery} is dropped.\n`,
  noDelivery: (delivery: string) =>
    `There is no delivery with the id ${delivery}. List them with \`belay inbox list\`.\n`,
  alreadyPending: (delivery: string) => `Delivery ${delivery} is pending already.\n`,
  alreadyFinished: (delivery: string) => `Delivery ${delivery} is finished; there is nothing to drop.\n`,
  noSession: (session: string) =>
    `There is no session with the id ${session}. List them with \`belay sessions list --all\`.\n`,
  noBackup: (backup: string) =>
    `There is no pin with the id ${backup}. List them with \`belay backups list\`.\n`,
  rescueQueued: (backup: string) =>
    `The rescue of ${backup} is stored and is done as soon as the pull request is free.\n`,
  answered: (decision: string, option: string) => `Question ${decision} is answered with ${option}.\n`,
  stillOpen: (decision: string, option: string) =>
    `${option} is being done; question ${decision} stays open.\n`,
  queued: (decision: string) =>
    `The answer to ${decision} is stored and takes effect as soon as the pull request is free.\n`,
  refused: (message: string, hint: string) => `${message}\n${hint}\n`,
} as const

/** Returns a failure for a terminal: what happened, then what to do. */
export function renderFailure(error: unknown): string {
  if (isAppError(error, 'CONFIG_INVALID')) return renderConfigRefusal(error.details.faults)
  if (isAppError(error)) return redactSecrets(visible(`${error.message}\n${error.hint}\n(${error.code})\n`))
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return redactSecrets(visible(`Something went wrong inside Belay. Nothing was discarded.\n${detail}\n`))
}
