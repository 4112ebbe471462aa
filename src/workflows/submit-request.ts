// Requests of the REST interface: stored as a job of the pull request's lane and waited for. The end stands in the audit
// log, where the job wrote it; whoever does not live to see it finds it there.

import type { Asked, Job } from '../domain/changes.ts'
import { prLane } from '../domain/ids.ts'
import type {
  CancelReply,
  PipelineRequests,
  PopulateReply,
  Requester,
  RestartReply,
} from '../ports/requests.ts'
import type { Deps } from './deps.ts'
import { loadSession } from './queries.ts'
import type { WaitUntil } from './submit-answer.ts'

/** Returns what the REST interface can ask of pipelines. */
export function pipelineRequests(deps: Deps, waitUntil: WaitUntil): PipelineRequests {
  const submit = createSubmit(deps, waitUntil)
  return {
    async populate({ pipelineId, ...requester }) {
      const said = await submit(pipelineId, requester, (asked) => ({
        kind: 'populate_contract',
        pipelineId,
        ...asked,
      }))
      return said as PopulateReply
    },
    async restart({ pipelineId, phase, ...requester }) {
      const said = await submit(pipelineId, requester, (asked) => ({
        kind: 'restart_phase',
        pipelineId,
        phase,
        ...asked,
      }))
      return said as RestartReply
    },
    async cancelDecision({ pipelineId, decisionId: id, ...requester }) {
      const pipeline = await deps.store.find('pipelines', { id: pipelineId })
      if (pipeline === null) return { kind: 'pipeline_not_found' }
      const { projectId } = pipeline
      const decision = await deps.store.find('decisions', { projectId, id, pipelineId })
      if (decision === null) return { kind: 'decision_not_found' }
      const said = await submit(pipelineId, requester, (asked) => ({
        kind: 'cancel_decision',
        projectId,
        decisionId: id,
        ...asked,
      }))
      return said as CancelReply
    },
  }
}

type Submit = (
  pipelineId: string,
  requester: Requester,
  toJob: (asked: Asked) => Job,
) => Promise<{ readonly kind: string }>

function createSubmit(deps: Deps, waitUntil: WaitUntil): Submit {
  return async (pipelineId, requester, toJob) => {
    const pipeline = await deps.store.find('pipelines', { id: pipelineId })
    if (pipeline === null) return { kind: 'pipeline_not_found' }
    const { project, session } = await loadSession(deps.store, pipeline.sessionId)
    const { actor, via, requestKey = null } = requester
    // One name, one job, one end: also when the process died in between.
    const auditId = await requestId(deps, { actor, requestKey })
    const job = toJob({ actor, via, auditId, source: null })
    const lane = prLane(project.repositoryId, session.prNumber)
    const change = {
      kind: 'enqueue',
      lane,
      idem: `${job.kind}:${auditId}`,
      job,
      runAt: deps.clock.now(),
    } as const
    await deps.store.commit([change], null)
    await waitUntil(async () => (await deps.store.find('auditLog', { id: auditId })) !== null)
    const end = await deps.store.find('auditLog', { id: auditId })
    return end === null ? { kind: 'queued' } : readEnd(end.details['said'])
  }
}

/** A name that a caller gives a request means the same request for so long, as the interface promises. */
const NAMED_MS = 24 * 60 * 60 * 1000

/** Returns the row its end will be written to: derived from the caller's name for it, and else new. */
async function requestId(
  deps: Deps,
  { actor, requestKey }: { readonly actor: string; readonly requestKey: string | null },
): Promise<string> {
  const fresh = `au_${deps.ids.random(12)}`
  if (requestKey === null) return fresh
  const named = `au_${deps.ids.digest(JSON.stringify([actor, requestKey])).slice(0, 24)}`
  const ended = await deps.store.find('auditLog', { id: named })
  return ended !== null && deps.clock.now() - ended.at >= NAMED_MS ? fresh : named
}

/** Reads the end as the job wrote it. */
function readEnd(said: unknown): { readonly kind: string } {
  const value: unknown = JSON.parse(String(said))
  if (typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string')
    return { ...value, kind: value.kind }
  throw new TypeError('The end of a request has no kind')
}
