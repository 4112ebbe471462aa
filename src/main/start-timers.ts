// What happens by the clock and not by an event: silent attempts, the overseer's look, questions that nobody answers, pushed
// pins whose time is over, old rows of the change log and of the jobs.

import { attendDecisions } from '../workflows/attend-decision.ts'
import type { Deps } from '../workflows/deps.ts'
import { sweepBackups } from '../workflows/expire-backups.ts'
import { overseeAll } from '../workflows/oversee.ts'
import { expireAttempts } from '../workflows/recover-session.ts'

const ATTEMPTS_EVERY_MS = 15_000
const OVERSEER_EVERY_MS = 15_000
const QUESTIONS_EVERY_MS = 60_000
const BACKUPS_EVERY_MS = 24 * 60 * 60 * 1000
const ROWS_EVERY_MS = 60 * 60 * 1000

interface Chores {
  /** Takes old rows out of the change log, and jobs done long ago out of the table. */
  readonly pruneRows: () => Promise<unknown>
}

/** Starts the timers; questions, pins and old rows are looked at once at the start as well. */
export function startTimers(deps: Deps, { pruneRows }: Chores): { readonly close: () => void } {
  const guarded = (work: (deps: Deps) => Promise<unknown>, failure: string) => (): void =>
    void work(deps).catch((error: unknown) => deps.log.warn({ error }, failure))
  const attempts = guarded(expireAttempts, 'attempts_not_checked')
  const overseer = guarded(overseeAll, 'phases_not_overseen')
  const questions = guarded(attendDecisions, 'questions_not_attended')
  const backups = guarded(sweepBackups, 'backups_not_checked')
  const rows = guarded(pruneRows, 'rows_not_pruned')
  const timers = [
    setInterval(attempts, ATTEMPTS_EVERY_MS),
    setInterval(overseer, OVERSEER_EVERY_MS),
    setInterval(questions, QUESTIONS_EVERY_MS),
    setInterval(backups, BACKUPS_EVERY_MS),
    setInterval(rows, ROWS_EVERY_MS),
  ]
  questions()
  backups()
  rows()
  return { close: () => timers.forEach((timer) => clearInterval(timer)) }
}
