// A question an agent asks while it runs: kept with its attempt, and asked when that has ended.

import { update } from '../domain/changes.ts'
import { readChoices } from '../domain/session/door-choices.ts'
import type { DoorRequest } from '../domain/session/door.ts'
import { keptText } from '../domain/text/door.ts'
import { denied, done, type AdmittedRequest, type DoorOutcome } from './admit-door-request.ts'

/** Keeps the question in the place of an earlier one. After the attempt's end nobody would ask it any more. */
export function noteQuestion(
  { attempt }: AdmittedRequest,
  { text, choices }: Extract<DoorRequest, { readonly verb: 'ask' }>,
): DoorOutcome {
  if (attempt.status !== 'starting' && attempt.status !== 'running') return denied('attempt_over')
  const offered = readChoices(choices)
  if (offered.kind === 'unfit') return denied('unfit_choices')
  const question = { text: keptText(text.body), choices: offered.choices }
  return done([update('attempts', { where: { id: attempt.id }, set: { question } })])
}
