// Pushes to branches. Tags and other references are none of our business.

import * as z from 'zod'
import { ZERO_SHA, type Sha } from '../../domain/ids.ts'
import { envelopeFields, shaField, toPerson, toRepositoryRef } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const BRANCH_PREFIX = 'refs/heads/'

const pushPayload = z.object({
  ...envelopeFields,
  ref: z.string(),
  before: shaField,
  after: shaField,
  forced: z.boolean(),
})

/** Maps `push`; git's zero id means the branch did not exist before, or does not any more. */
export function toPushEvents(raw: RawEvent): Mapped {
  const payload = readFields(pushPayload, raw)
  if (!payload.ref.startsWith(BRANCH_PREFIX)) return ignored('not_a_branch')
  return events({
    kind: 'branch_pushed',
    repository: toRepositoryRef(payload),
    branch: payload.ref.slice(BRANCH_PREFIX.length),
    before: existing(payload.before),
    after: existing(payload.after),
    isForced: payload.forced,
    sender: toPerson(payload.sender),
  })
}

function existing(sha: Sha): Sha | null {
  return sha === ZERO_SHA ? null : sha
}
