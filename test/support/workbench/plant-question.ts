// Puts a question into the database from outside the program, as if another lane step had asked it a moment ago.

import { insert } from '../../../src/domain/changes.ts'
import { optionsFor } from '../../../src/domain/decision/decision.ts'
import type { SyncQuestion } from '../../../src/domain/decision/subject.ts'
import type { Decision, Pipeline } from '../../../src/domain/records.ts'
import type { Workbench } from './workbench.ts'
import type { Scene } from './scenes.ts'

/** Stores an open question of a session and returns it. */
export async function plantQuestion(bench: Workbench, { pr, session }: Scene): Promise<SyncQuestion> {
  const decision = plantedDecision(await bench.pipeline(pr), { pr, session }, bench.deps.ids.decision())
  const outcome = await bench.store.commit([insert('decisions', decision)], null)
  if (outcome.kind !== 'committed')
    throw new Error(`The question was not planted: ${JSON.stringify(outcome)}`)
  return decision
}

function plantedDecision(pipeline: Pipeline, { pr, session }: Scene, id: string): SyncQuestion {
  return {
    id,
    rootId: id,
    projectId: session.projectId,
    sessionId: session.id,
    pipelineId: pipeline.id,
    prNumber: pr.number,
    phase: pipeline.currentPhase,
    kind: 'sync_blocked',
    concerns: 'pipeline',
    context: `sync_blocked:${pipeline.currentPhase}`,
    options: optionsFor('sync_blocked', {
      case: 'detached_head',
      isReset: false,
      concerns: 'pipeline',
      earlierPauses: 0,
    }),
    details: {
      case: 'detached_head',
      moment: 'phase_start',
      branch: session.branch,
      localHead: null,
      remoteHead: null,
      mergeBase: null,
      discarded: [],
      remoteCommits: [],
      conflictingPaths: [],
      obstacle: null,
      pins: [],
      earlierPauses: 0,
      isReset: false,
      pushRefusal: null,
      note: '',
    },
    headSha: session.lastSyncedSha ?? ('0'.repeat(40) as Decision['headSha']),
    runEpoch: pipeline.runEpoch,
    status: 'pending',
    answer: null,
    answeredBy: null,
    answeredVia: null,
    answeredAt: null,
    cancelReason: null,
    successorId: null,
    createdAt: pipeline.createdAt,
  }
}
