// Has the runner make mirror, session repository and worktree ready. A first clone can take minutes, so this only
// starts it; the runner's report comes back into the lane.

import { botIdentity } from './bot-identity.ts'
import type { JobHandler } from './deps.ts'
import { loadPipeline, loadSession } from './queries.ts'

/** Starts the preparation of a pipeline's workspace; harmless to repeat. */
export const prepareWorkspace: JobHandler<'prepare_workspace'> = async (deps, job, lane) => {
  const pipeline = await loadPipeline(deps.store, job.pipelineId)
  if (pipeline.status !== 'pending') return []
  const { workspace, pullRequest } = await loadSession(deps.store, pipeline.sessionId)
  await deps.runner.prepare({
    workspace,
    pipelineId: pipeline.id,
    identity: await botIdentity(deps),
    head: pullRequest.headSha,
    fence: lane.fence,
  })
  return []
}
