// Where the App is installed, and what its repositories are called. Names change; ids do not.

import * as z from 'zod'
import { envelopeFields, toPerson, toRepositoryRef } from './fields.ts'
import { events, ignored, readFields, type Mapped, type RawEvent } from './mapped.ts'

const installationPayload = z.object({
  installation: z.object({ id: z.number() }),
  repositories: z.array(z.object({ id: z.number() })).optional(),
  repositories_added: z.array(z.object({ id: z.number() })).optional(),
  repositories_removed: z.array(z.object({ id: z.number() })).optional(),
})
const repositoryPayload = z.object(envelopeFields)

const REPOSITORY_ACTIONS = [
  'renamed',
  'transferred',
  'privatized',
  'publicized',
  'archived',
  'unarchived',
  'edited',
  'deleted',
]

/** Maps `installation` and `installation_repositories`. */
export function toInstallationEvents(raw: RawEvent): Mapped {
  if (raw.action === null) return ignored('action_not_used')
  const payload = readFields(installationPayload, raw)
  return events({
    kind: 'installation_changed',
    installationId: payload.installation.id,
    action: raw.name === 'installation' ? raw.action : `repositories_${raw.action}`,
    removedRepositoryIds: (payload.repositories_removed ?? []).map(({ id }) => id),
    addedRepositoryIds: (payload.repositories_added ?? payload.repositories ?? []).map(({ id }) => id),
  })
}

/** Maps `repository`: the reference holds the names as they are now. */
export function toRepositoryEvents(raw: RawEvent): Mapped {
  if (raw.action === null || !REPOSITORY_ACTIONS.includes(raw.action)) return ignored('action_not_used')
  const payload = readFields(repositoryPayload, raw)
  return events({
    kind: 'repository_changed',
    repository: toRepositoryRef(payload),
    action: raw.action,
    sender: toPerson(payload.sender),
  })
}
