// What an answer makes Belay do, read from the options that are stored with its question.

import type { AnswerAction } from '../domain/decision/option.ts'
import type { Decision } from '../domain/records.ts'

/** Returns the action of the chosen option; null while there is no answer. */
export function actionOf({ options, answer }: Decision): AnswerAction | null {
  return options.find((candidate) => candidate.id === answer)?.action ?? null
}
