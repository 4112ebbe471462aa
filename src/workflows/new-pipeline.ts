// The rows of a new pipeline and the job that sets it going; how it came to be is not known here.

import { insert, type Change } from '../domain/changes.ts'
import type { RepositoryConfig } from '../domain/config/repository-config.ts'
import { phaseRunId, pipelineId } from '../domain/ids.ts'
import type { PhaseRun, Pipeline, Session } from '../domain/records.ts'
import type { Deps } from './deps.ts'

/** Returns the change that has the pipeline's workspace made and its first phase started. */
export function prepareJob(deps: Deps, id: string, lane: string): Change {
  return {
    kind: 'enqueue',
    lane,
    idem: `prepare:${id}`,
    job: { kind: 'prepare_workspace', pipelineId: id },
    runAt: deps.clock.now(),
  }
}

export interface PipelineFacts {
  readonly session: Session
  readonly no: number
  readonly kind: Pipeline['kind']
  readonly config: RepositoryConfig
  readonly prompt: string | null
  readonly now: number
}

/** Returns the rows of a pipeline and its phases. */
export function pipelineRows({ session, no, kind, config, prompt, now }: PipelineFacts): readonly Change[] {
  const id = pipelineId(session.id, no)
  const pipeline: Pipeline = {
    id,
    sessionId: session.id,
    projectId: session.projectId,
    no,
    kind,
    status: 'pending',
    currentPhase: config.phases[0]?.name ?? 'implement',
    runEpoch: 1,
    config,
    prompt,
    failure: null,
    createdAt: now,
    endedAt: null,
  }
  return [
    insert('pipelines', pipeline),
    ...config.phases.map(({ name }, position) => insert('phaseRuns', phaseRow(id, name, position))),
  ]
}

function phaseRow(id: string, name: string, position: number): PhaseRun {
  return {
    id: phaseRunId(id, name),
    pipelineId: id,
    name,
    position,
    status: 'pending',
    restarts: 0,
    rounds: 0,
    briefings: [],
    result: null,
    leftOut: [],
    failure: null,
    startedAt: null,
    endedAt: null,
  }
}
