// An answer given by command: finds the question it means, then hands it to the lane's one answer handler.

import type { Change } from '../domain/changes.ts'
import { pinsOf } from '../domain/decision/subject.ts'
import type { Decision } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import { commandRefused, replyComment } from './command-life.ts'
import type { Deps } from './deps.ts'
import type { GrantedCommand } from './granted-command.ts'

export interface GivenAnswer {
  readonly optionId: string
  /** As typed; null when the command names no question. */
  readonly decisionId: string | null
}

/** Enqueues the answer, or says which question could be meant. */
export async function answerCommand(
  deps: Deps,
  granted: GrantedCommand,
  given: GivenAnswer,
): Promise<readonly Change[]> {
  const { project, place, source, command, laneKey } = granted
  const open = await deps.store.list('decisions', {
    projectId: project.id,
    prNumber: place.number,
    status: 'pending',
  })
  const found = await findMeant(deps, { granted, given, open })
  if ('reply' in found) return refused(granted, found.reply)
  const { projectId, id: decisionId } = found.decision
  return [
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `answer:${source.commandId}`,
      job: {
        kind: 'answer_decision',
        projectId,
        decisionId,
        answer: given.optionId,
        actor: source.actor,
        via: command.bare ? 'bare_command' : 'command',
        source,
      },
      runAt: deps.clock.now(),
    },
  ]
}

/** Other bots use the bare words too: about having nothing to abort we speak once in a session. */
function refused({ place, source, command }: GrantedCommand, reply: Reply): readonly Change[] {
  if (!command.bare || reply.kind !== 'nothing_to_abort') return commandRefused(place, source, reply)
  return [
    ...commandRefused(place, source, null),
    replyComment(place, `nothing-to-abort:${reply.sessionId}`, reply),
  ]
}

interface Search {
  readonly granted: GrantedCommand
  readonly given: GivenAnswer
  readonly open: readonly Decision[]
}

async function findMeant(
  deps: Deps,
  search: Search,
): Promise<{ readonly decision: Decision } | { readonly reply: Reply }> {
  const { granted, given, open } = search
  if (given.decisionId !== null) return findNamed(deps, search, given.decisionId)
  const [only, ...others] = open
  if (only !== undefined && others.length === 0) return { decision: only }
  if (only !== undefined)
    return { reply: { kind: 'several_open', optionId: given.optionId, questions: open } }
  const { session, command } = granted
  if (session === null) return { reply: { kind: 'no_session', verb: command.verb } }
  if (command.verb === 'abort') return { reply: { kind: 'nothing_to_abort', sessionId: session.id } }
  return { reply: { kind: 'nothing_to_answer', verb: command.verb } }
}

/** `rescue` takes the id of a pin as well, since that is what a person has at hand. */
async function findNamed(
  deps: Deps,
  { granted, open }: Search,
  name: string,
): Promise<{ readonly decision: Decision } | { readonly reply: Reply }> {
  const { project, place } = granted
  const named = await deps.store.find('decisions', {
    projectId: project.id,
    id: name.toLowerCase(),
    prNumber: place.number,
  })
  if (named !== null) return { decision: named }
  const ofPin = open.find((each) => pinsOf(each).some(({ prefix }) => prefix.endsWith(`/${name}`)))
  if (ofPin !== undefined) return { decision: ofPin }
  return { reply: { kind: 'unknown_question', id: name, open } }
}
