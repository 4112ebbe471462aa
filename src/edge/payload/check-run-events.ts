// Check runs, suites and statuses. A button of a run of ours is an act of a person; everything else is a hint that the
// checks of a commit are worth another look. GitHub sends `requested_action` to the App that owns the run only.

import * as z from 'zod'
import type { Sha } from '../../domain/ids.ts'
import { envelopeFields, shaField, toPerson, toRepositoryRef } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const buttonPayload = z.object({
  ...envelopeFields,
  check_run: z.object({ id: z.number(), head_sha: shaField, external_id: z.string().nullish() }),
  requested_action: z.object({ identifier: z.string() }).nullish(),
})

const appField = z.object({ id: z.number() }).nullish()

const runPayload = z.object({
  ...envelopeFields,
  check_run: z.object({ head_sha: shaField, app: appField }),
})

const suitePayload = z.object({
  ...envelopeFields,
  check_suite: z.object({ head_sha: shaField, app: appField }),
})

const statusPayload = z.object({ ...envelopeFields, sha: shaField })

/** Maps `check_run`. */
export function toCheckRunEvents(raw: RawEvent): Mapped {
  if (raw.action === 'requested_action') return toButton(raw)
  const payload = readFields(runPayload, raw)
  const { head_sha: sha, app } = payload.check_run
  return touched(payload, sha, app?.id ?? null)
}

/** Maps `check_suite`. */
export function toCheckSuiteEvents(raw: RawEvent): Mapped {
  const payload = readFields(suitePayload, raw)
  const { head_sha: sha, app } = payload.check_suite
  return touched(payload, sha, app?.id ?? null)
}

/** Maps `status`. */
export function toStatusEvents(raw: RawEvent): Mapped {
  const payload = readFields(statusPayload, raw)
  return touched(payload, payload.sha, null)
}

function touched(payload: Parameters<typeof toRepositoryRef>[0], sha: Sha, appId: number | null): Mapped {
  return events({ kind: 'commit_touched', repository: toRepositoryRef(payload), sha, appId })
}

function toButton(raw: RawEvent): Mapped {
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
