// What the command line says a rescue came to. Knows no pin's contents and no pull request.

import { oneLine, visible } from './markdown.ts'
import { pushRefusalText, type PushRefusal } from './push-result-text.ts'

/** What a rescue came to, as the command line prints it. */
export interface RescuedPin {
  readonly backupId: string
  readonly branch: string
  /** Null when somebody moved the branch since it was made. */
  readonly head: string | null
  readonly compareUrl: string
  readonly leftOut: readonly string[]
}

/** Returns where the pinned work is now and what was kept back. */
export function renderRescued({ backupId, branch, head, compareUrl, leftOut }: RescuedPin): string {
  const where =
    head === null
      ? `The pin ${backupId} was put on the branch ${branch} before, and somebody moved that branch since.`
      : `The pin ${backupId} is on the branch ${branch}, up to ${head}.`
  const kept = leftOut.map((path) => `  ${oneLine(path)}\n`).join('')
  const note = kept === '' ? '' : `Not pushed, because they look like secrets or are too large:\n${kept}`
  return `${where}\n${compareUrl}\n${note}`
}

/** Returns why there was nothing to push, with the paths that were kept back. */
export function renderNothingDirty(backupId: string, leftOut: readonly string[]): string {
  if (leftOut.length === 0) return `The pin ${backupId} holds no uncommitted files.\n`
  const kept = leftOut.map((path) => `  ${oneLine(path)}\n`).join('')
  return `Nothing was pushed. All uncommitted files of the pin ${backupId} look like secrets or are too large:\n${kept}`
}

/** Returns what is wrong with a pin, as git said it. */
export function renderDamaged(backupId: string, detail: string): string {
  return `The pin ${backupId} can not be read back whole. Nothing was pushed. docs/recovery.md says what to do.\n${quoted(detail)}`
}

/** Returns why the host did not take the branch, with its own words. */
export function renderRescueRefused(refused: {
  readonly branch: string
  readonly refusal: PushRefusal
  readonly detail: string
}): string {
  const { branch, refusal, detail } = refused
  const why =
    refusal === 'non_fast_forward'
      ? 'A branch of that name has other commits; name another one with `--branch`.'
      : pushRefusalText(refusal).meaning
  return `The branch ${branch} could not be pushed. ${why} The pin is untouched.\n${quoted(detail)}`
}

function quoted(detail: string): string {
  const lines = visible(detail).split('\n')
  return lines.map((line) => (line.trim() === '' ? '' : `  ${line.trimEnd()}\n`)).join('')
}
