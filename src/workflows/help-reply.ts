// What the asker can do here and now: allowed by role, and possible in the state the pull request is in.

import { commandSpec, VERBS, type Verb } from '../domain/command/grammar.ts'
import { mayRun } from '../domain/command/may-run.ts'
import { PIPELINE_TRANSITIONS } from '../domain/pipeline/transitions.ts'
import type { Decision, Pipeline } from '../domain/records.ts'
import type { Reply } from '../domain/text/reply.ts'
import type { Deps } from './deps.ts'
import { findOpenDecision } from './queries.ts'
import type { GrantedCommand } from './granted-command.ts'

/** Returns the help for one person at one moment. */
export async function helpReply(deps: Deps, granted: GrantedCommand): Promise<Reply> {
  const { project, role, session } = granted
  const open = session === null ? null : await findOpenDecision(deps.store, session.id)
  const hasPins = await isPinned(deps, granted)
  const pipelines = session === null ? [] : await deps.store.list('pipelines', { sessionId: session.id })
  const configured = project.config?.permissions ?? {}
  const usable = VERBS.filter((verb) => {
    const verdict = mayRun({ verb, role, isPrivateRepository: project.isPrivate, configured })
    return (
      verdict.kind === 'allowed' &&
      isPossible(verb, {
        hasSession: session !== null,
        hasPins,
        open,
        pipelines,
      })
    )
  })
  return {
    kind: 'help',
    role,
    usable: usable.map((verb) => ({
      example: commandSpec(verb).example,
      summary: commandSpec(verb).summary,
    })),
  }
}

/** Stopped sessions keep their pins, and those can be rescued too. */
async function isPinned(deps: Deps, { project, place }: GrantedCommand): Promise<boolean> {
  const at = { projectId: project.id, prNumber: place.number }
  const sessions = await deps.store.list('sessions', at)
  return (await deps.store.find('backups', { sessionId: sessions.map(({ id }) => id) })) !== null
}

interface Here {
  readonly hasSession: boolean
  readonly hasPins: boolean
  readonly open: Decision | null
  /** Of the live session, oldest first. */
  readonly pipelines: readonly Pipeline[]
}

function isPossible(verb: Verb, here: Here): boolean {
  if (verb === 'rescue') return here.hasPins
  const { answer } = commandSpec(verb)
  if (here.open === null && verb === 'retry') return isRestartable(here.pipelines.at(-1))
  if (here.open === null && verb === 'populate') return here.pipelines.some(makesContract)
  if (answer !== undefined) return here.open?.options.some((option) => option.id === answer) ?? false
  if (verb === 'answer') return here.open !== null
  if (verb === 'sync' || verb === 'stop') return here.hasSession
  return true
}

/** Nobody needs to run a phase again that is under way. */
function isRestartable(newest: Pipeline | undefined): boolean {
  if (newest === undefined || newest.status === 'running') return false
  return PIPELINE_TRANSITIONS[newest.status].restarted === 'running'
}

function makesContract({ config }: Pipeline): boolean {
  return config.phases.some(({ produces }) => produces === 'contract')
}
