// `/belay rescue`: finds the pin it means. The pin of the open question first, else the newest one of the pull request's
// newest session, or the one that is named.

import type { Change } from '../domain/changes.ts'
import { readDecisionId } from '../domain/command/argument.ts'
import type { Command } from '../domain/command/parsed-command.ts'
import { renderCommand } from '../domain/command/render-command.ts'
import { pinsOf } from '../domain/decision/subject.ts'
import type { Backup, Decision } from '../domain/records.ts'
import { answerCommand } from './answer-command.ts'
import { commandRefused } from './command-life.ts'
import type { Deps } from './deps.ts'
import type { GrantedCommand } from './granted-command.ts'

type RescueCommand = Extract<Command, { readonly verb: 'rescue' }>

const OFFERED_PINS = 5

/** Enqueues the rescue, or says what could be meant. */
export async function rescueCommand(
  deps: Deps,
  granted: GrantedCommand,
  command: RescueCommand,
): Promise<readonly Change[]> {
  const { place, source } = granted
  const { backup: name, dirty: isDirty } = command
  const open = await openWithPins(deps, granted)
  const isQuestion = name !== null && readDecisionId(name) !== null
  // Commits of an open question are rescued as its answer, whichever way they are asked for.
  if (!isDirty && (isQuestion || (name === null && open.length > 0)))
    return answerCommand(deps, granted, { optionId: 'rescue', decisionId: name })
  // Uncommitted work goes out for good: an edited comment says nothing about who wants that.
  if (isDirty && source.wasEdited)
    return commandRefused(place, source, { kind: 'edited_comment', line: renderCommand(command) })
  const pins = await listPins(deps, granted)
  const [first] = open.flatMap(pinsOf)
  const meant =
    name === null ? (pins.find(({ prefix }) => prefix === first?.prefix) ?? pins.at(-1)) : named(pins, name)
  if (meant !== undefined) return [enqueueRescue(deps, granted, { backup: meant, isDirty })]
  if (name === null) return commandRefused(place, source, await nothingPinned(deps, granted))
  const known = pins.slice(-OFFERED_PINS).toReversed()
  return commandRefused(place, source, { kind: 'unknown_backup', name, known })
}

/** Open questions of the pull request that can answer with a rescue. */
async function openWithPins(deps: Deps, { project, place }: GrantedCommand): Promise<readonly Decision[]> {
  const open = await deps.store.list('decisions', {
    projectId: project.id,
    prNumber: place.number,
    status: 'pending',
  })
  return open.filter(({ options }) => options.some(({ action }) => action === 'rescue_commits'))
}

/** Every pin of the pull request, oldest first; stopped sessions keep theirs. */
async function listPins(deps: Deps, { project, place }: GrantedCommand): Promise<readonly Backup[]> {
  const sessions = await deps.store.list('sessions', { projectId: project.id, prNumber: place.number })
  return deps.store.list('backups', { sessionId: sessions.map(({ id }) => id) })
}

/** A pin goes by its id, by its prefix, or by one of its full references. */
function named(pins: readonly Backup[], name: string): Backup | undefined {
  return pins.find(({ id, prefix }) => name === id || name === prefix || name.startsWith(`${prefix}/`))
}

async function nothingPinned(
  deps: Deps,
  { project, place }: GrantedCommand,
): Promise<Parameters<typeof commandRefused>[2]> {
  const found = await deps.store.list('sessions', { projectId: project.id, prNumber: place.number })
  return found.length === 0 ? { kind: 'no_session', verb: 'rescue' } : { kind: 'nothing_to_rescue' }
}

function enqueueRescue(
  deps: Deps,
  { source, laneKey }: GrantedCommand,
  { backup, isDirty }: { readonly backup: Backup; readonly isDirty: boolean },
): Change {
  return {
    kind: 'enqueue',
    lane: laneKey,
    idem: `rescue:${source.commandId}`,
    job: {
      kind: 'rescue_backup',
      sessionId: backup.sessionId,
      backupId: backup.id,
      content: isDirty ? 'dirty' : 'commits',
      branch: null,
      actor: source.actor,
      via: 'command',
      auditId: `au_${deps.ids.random(12)}`,
      source,
    },
    runAt: deps.clock.now(),
  }
}
