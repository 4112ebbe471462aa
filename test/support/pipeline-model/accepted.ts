// Whether what is about to be pushed was accepted, where reviewers are configured: by them, or by a person in their place.

import type { PipelineBench } from './bench.ts'

/** Returns what is wrong with a push: own commits whose changes no accepted proposal holds. */
export async function acceptedCommits(
  { deps, host }: PipelineBench,
  { sessionId, head }: { readonly sessionId: string; readonly head: Parameters<typeof host.commits.line>[0] },
): Promise<readonly string[]> {
  const pipelines = await deps.store.list('pipelines', { sessionId })
  const pipeline = pipelines.at(-1)
  const config = pipeline?.config.phases.find(({ name }) => name === pipeline.currentPhase)
  if (pipeline === undefined || config === undefined || config.reviewers.length === 0) return []
  const proposals = await deps.store.list('proposals', { pipelineId: pipeline.id })
  const accepted = proposals.filter(({ status }) => status === 'accepted' || status === 'overruled')
  const known = new Set(accepted.flatMap(({ commits }) => commits.map(({ patchId }) => patchId)))
  const onBranch = host.head ?? host.shownHead
  const pushed = host.commits.contains(head, onBranch)
    ? host.commits.range(onBranch, head).commits
    : host.commits.range(host.commits.mergeBase(onBranch, head) ?? host.base, head).commits
  // What was on the branch before comes back with it when a person wants it again, also what somebody took back since.
  const before = (await deps.store.find('sessions', { id: sessionId }))?.lastSyncedSha ?? null
  const isNew = (sha: typeof head): boolean => before === null || !host.commits.contains(before, sha)
  const unseen = pushed.filter(({ sha, patchId }) => isNew(sha) && !known.has(patchId))
  return unseen.length === 0
    ? []
    : [`${unseen.length} commits are pushed that no reviewer accepted, in ${config.name} of ${pipeline.id}`]
}
