// The parts of payloads that several events share, read leniently: only fields that are used, unknown ones ignored.
// Payload shapes end here; what leaves are our own types.

import * as z from 'zod'
import type { ObservedPullRequest, Person, RepositoryRef } from '../../domain/events.ts'
import { isSha, toSha, type Sha } from '../../domain/ids.ts'

/** A user as payloads show it; null when the account was deleted. */
export const userField = z.object({ login: z.string(), type: z.string().optional() }).nullish()

/** A time as payloads write it: ISO text, in some events seconds since 1970. */
export const timeField = z.union([
  z.string().transform((text, ctx) => {
    const at = Date.parse(text)
    if (!Number.isNaN(at)) return at
    ctx.addIssue({ code: 'custom', message: 'not a time' })
    return z.NEVER
  }),
  z.number().transform((seconds) => seconds * 1000),
])

/** A full commit id. */
export const shaField = z
  .string()
  .refine(isSha)
  .transform((text): Sha => toSha(text))

/** The repository as every event but `push` shows it. */
const repositoryField = z.object({
  id: z.number(),
  name: z.string(),
  private: z.boolean(),
  default_branch: z.string(),
  owner: z.object({ login: z.string().optional(), name: z.string().optional() }),
})

/** What every event about a repository carries. */
export const envelopeFields = {
  installation: z.object({ id: z.number() }),
  repository: repositoryField,
  sender: userField,
}

/** The old text of an edited comment. */
export const changesField = z.object({ body: z.object({ from: z.string().nullish() }).nullish() }).nullish()

export const pullRequestField = z.object({
  number: z.number(),
  node_id: z.string(),
  title: z.string(),
  html_url: z.string(),
  user: userField,
  state: z.string(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  updated_at: timeField,
  head: z.object({ ref: z.string(), sha: shaField, repo: z.object({ id: z.number() }).nullish() }),
  base: z.object({ ref: z.string(), sha: shaField }),
})

interface Envelope {
  readonly installation: { readonly id: number }
  readonly repository: z.infer<typeof repositoryField>
}

/** Maps a user; deleted accounts are GitHub's `ghost`. */
export function toPerson(user: z.infer<typeof userField>): Person {
  if (user === null || user === undefined) return { login: 'ghost', isBot: false }
  return { login: user.login, isBot: user.type === 'Bot' || user.login.endsWith('[bot]') }
}

export function toRepositoryRef({ installation, repository }: Envelope): RepositoryRef {
  return {
    installationId: installation.id,
    repositoryId: repository.id,
    owner: repository.owner.login ?? repository.owner.name ?? '',
    name: repository.name,
    isPrivate: repository.private,
    defaultBranch: repository.default_branch,
  }
}

export function toObservedPullRequest(pull: z.infer<typeof pullRequestField>): ObservedPullRequest {
  const isMerged = pull.merged === true || (pull.merged_at ?? null) !== null
  return {
    number: pull.number,
    nodeId: pull.node_id,
    title: pull.title,
    url: pull.html_url,
    author: toPerson(pull.user),
    state: isMerged ? 'merged' : pull.state === 'closed' ? 'closed' : 'open',
    isDraft: pull.draft === true,
    headRef: pull.head.ref,
    headSha: pull.head.sha,
    headRepositoryId: pull.head.repo?.id ?? null,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    updatedAt: pull.updated_at,
  }
}
