// Groups of a merge queue. The queue waits for the checks that the branch demands; a group that ends asks nothing.

import * as z from 'zod'
import { envelopeFields, shaField, toRepositoryRef } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const mergeGroupPayload = z.object({ ...envelopeFields, merge_group: z.object({ head_sha: shaField }) })

/** Maps `merge_group.checks_requested`. */
export function toMergeGroupEvents(raw: RawEvent): Mapped {
  if (raw.action !== 'checks_requested') return ignored('action_not_used')
  const payload = readFields(mergeGroupPayload, raw)
  return events({
    kind: 'merge_group_requested',
    repository: toRepositoryRef(payload),
    headSha: payload.merge_group.head_sha,
  })
}
