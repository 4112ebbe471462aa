// `populate` and `retry`: short for an answer while a question is open, a request of their own otherwise.

import type { Change } from '../domain/changes.ts'
import type { Pipeline } from '../domain/records.ts'
import { answerCommand } from './answer-command.ts'
import { commandRefused } from './command-life.ts'
import type { Deps } from './deps.ts'
import type { GrantedCommand } from './granted-command.ts'
import { findOpenDecision } from './queries.ts'

export interface PhaseCommand {
  readonly verb: 'populate' | 'retry'
  /** As typed; null when the command names no question. */
  readonly decisionId: string | null
}

/** Hands the command to whoever does it: the question that is open, or the lane's own handler. */
export async function phaseCommand(
  deps: Deps,
  granted: GrantedCommand,
  { verb, decisionId }: PhaseCommand,
): Promise<readonly Change[]> {
  const { place, source, session, laneKey } = granted
  if (session === null) return commandRefused(place, source, { kind: 'no_session', verb })
  const open = await findOpenDecision(deps.store, session.id)
  if (decisionId === null && open !== null && open.options.every(({ id }) => id !== verb))
    return commandRefused(place, source, { kind: 'question_open', verb, question: open })
  if (decisionId !== null || open !== null)
    return answerCommand(deps, granted, { optionId: verb, decisionId })
  const pipeline = await findMeant(deps, session.id, verb)
  if (pipeline === null) return commandRefused(place, source, { kind: 'no_session', verb })
  const auditId = `au_${deps.ids.random(12)}`
  const asked = { pipelineId: pipeline.id, actor: source.actor, via: 'command', auditId, source } as const
  return [
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `${verb}:${source.commandId}`,
      job:
        verb === 'retry'
          ? { kind: 'restart_phase', phase: null, ...asked }
          : { kind: 'populate_contract', ...asked },
      runAt: deps.clock.now(),
    },
  ]
}

/** The newest pipeline is what can be tried again; the newest one that makes a contract is what can be filled. */
async function findMeant(
  { store }: Deps,
  sessionId: string,
  verb: PhaseCommand['verb'],
): Promise<Pipeline | null> {
  const pipelines = await store.list('pipelines', { sessionId })
  const makesContract = ({ config }: Pipeline): boolean =>
    config.phases.some(({ produces }) => produces === 'contract')
  const newest = pipelines.at(-1) ?? null
  return verb === 'retry' ? newest : (pipelines.findLast(makesContract) ?? newest)
}
