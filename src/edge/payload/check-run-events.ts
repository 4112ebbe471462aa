// Buttons of check runs. GitHub sends `requested_action` to the App that owns the run only.

import * as z from 'zod'
import { envelopeFields, shaField, toPerson, toRepositoryRef } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const buttonPayload = z.object({
  ...envelopeFields,
  check_run: z.object({ id: z.number(), head_sha: shaField, external_id: z.string().nullish() }),
  requested_action: z.object({ identifier: z.string() }).nullish(),
})

/** Maps `check_run.requested_action`. */
export function toCheckRunEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'requested_action') return ignored('action_not_used')
  const payload = readFields(buttonPayload, raw)
  const optionId = payload.requested_action?.identifier ?? ''
  if (optionId === '') return ignored('no_option')
  return events({
    kind: 'button_pressed',
    repository: toRepositoryRef(payload),
    checkRunId: payload.check_run.id,
    externalId: payload.check_run.external_id ?? '',
    optionId,
    headSha: payload.check_run.head_sha,
    sender: toPerson(payload.sender),
  })
}
