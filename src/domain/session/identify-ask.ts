// What makes a request of an agent the same as an earlier one. Knows no hash: whoever calls brings one.

import { assertNever } from '../assert-never.ts'
import type { DoorRequest, DoorText } from './door.ts'
import type { DoorAsk } from './read-door-call.ts'

/** A request and its identity within the attempt. */
export interface IdentifiedAsk {
  readonly requestId: string
  readonly request: DoorRequest
  /**
   * What the request says something about for as long as nothing newer is said; null when it is done once and for all.
   *
   * Of these only the last word counts as said before: `done`, `doing`, `done` are three requests.
   */
  readonly subject: string | null
}

/** Returns the request with its id; `digest` turns any text into a short one of its own. */
export function identifyAsk(ask: DoorAsk, digest: (text: string) => string): IdentifiedAsk {
  const idOf = (...parts: readonly unknown[]): string => digest(JSON.stringify(parts))
  const request = toRequest(ask, idOf)
  switch (request.verb) {
    case 'reply':
    case 'resolve': {
      const { verb, threadId, text } = request
      return { requestId: idOf(verb, threadId, text?.id ?? null), request, subject: null }
    }
    case 'alert':
      return { requestId: idOf('alert', request.text.id), request, subject: null }
    case 'task': {
      const { verb, taskId, status, note } = request
      return { requestId: idOf(verb, taskId, status, note), request, subject: `task:${taskId}` }
    }
    case 'ask':
      return { requestId: idOf('ask', request.text.id, request.choices), request, subject: 'question' }
    default:
      return assertNever(request)
  }
}

function toRequest(ask: DoorAsk, idOf: (...parts: readonly unknown[]) => string): DoorRequest {
  const textOf = (about: string, body: string): DoorText => ({ id: idOf(about, body), body })
  switch (ask.verb) {
    case 'reply':
      return { verb: ask.verb, threadId: ask.thread.id, text: textOf(ask.thread.id, ask.text) }
    case 'resolve': {
      const text = ask.text === null ? null : textOf(ask.thread.id, ask.text)
      return { verb: ask.verb, threadId: ask.thread.id, text }
    }
    case 'task':
      return { verb: ask.verb, taskId: ask.task.id, status: ask.mark, note: ask.note }
    case 'alert':
      return { verb: ask.verb, text: textOf(ask.verb, ask.text) }
    case 'ask':
      return { verb: ask.verb, text: textOf(ask.verb, ask.text), choices: ask.choices }
    default:
      return assertNever(ask)
  }
}
