// News about pull requests. Every action is passed on: what matters is decided from states, not from action names.

import * as z from 'zod'
import {
  envelopeFields,
  pullRequestField,
  toObservedPullRequest,
  toPerson,
  toRepositoryRef,
} from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const pullRequestPayload = z.object({ ...envelopeFields, pull_request: pullRequestField })

/** Maps `pull_request`. */
export function toPullRequestEvents(raw: RawEvent): Mapped {
  if (raw.action === null) return ignored('action_not_used')
  const payload = readFields(pullRequestPayload, raw)
  return events({
    kind: 'pull_request_changed',
    repository: toRepositoryRef(payload),
    action: raw.action,
    pullRequest: toObservedPullRequest(payload.pull_request),
    sender: toPerson(payload.sender),
  })
}
