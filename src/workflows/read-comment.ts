// A comment to commands: each becomes a job of its own, known by comment, line, verb and arguments, so that it runs
// once whatever deliveries arrive and in whatever order.

import { insert, upsert, type Change, type CommandSource } from '../domain/changes.ts'
import { commandIdentity } from '../domain/command/command-identity.ts'
import { parseCommands } from '../domain/command/parse-commands.ts'
import type { ParsedCommand } from '../domain/command/parsed-command.ts'
import type { LaneEvent } from '../domain/events.ts'
import type { Project } from '../domain/records.ts'
import { commandSeen } from './command-life.ts'
import type { Deps } from './deps.ts'
import { ensureProject } from './ensure-project.ts'
import { findLiveSession, repositoryOf } from './queries.ts'

type CommentWritten = Extract<LaneEvent, { readonly kind: 'comment_written' }>

/** Reads the commands of a comment and enqueues those that were not seen before. */
export async function readComment(
  deps: Deps,
  { event, laneKey }: { readonly event: CommentWritten; readonly laneKey: string },
): Promise<readonly Change[]> {
  const { slug, botLogin } = await deps.github.identity()
  if (event.sender.isBot || event.sender.login === botLogin) return []
  const stored = await deps.store.find('seenComments', { nodeId: event.comment.nodeId })
  // An edit of a comment that was never seen, without its earlier text: nothing in it is known to be new.
  if (event.wasEdited && stored === null && event.previousBody === null) return []
  // The older text of a comment can arrive after its edit. What stood there was said, but it is no consent any more.
  const isOlder = stored !== null && stored.updatedAt > event.comment.updatedAt
  const previousBody = event.wasEdited ? (stored?.body ?? event.previousBody) : null
  const parsed = parseCommands(event.body, {
    appSlug: slug,
    ...(previousBody === null ? {} : { previousBody }),
  })
  if (parsed.length === 0 && stored === null) return []
  const { project, changes } = await ensureProject(deps, event.repository)
  const wanted = await worthAnswering(deps, { parsed, project, number: event.number })
  const fresh = await notSeenBefore(deps, { event, parsed: wanted })
  const wasEdited = event.wasEdited || (stored?.wasEdited ?? false)
  return [
    ...changes,
    ...(isOlder ? [] : [remember(event, project, wasEdited)]),
    ...(fresh.length === 0
      ? []
      : [commandSeen({ repository: repositoryOf(project), number: event.number }, event.comment.nodeId)]),
    ...fresh.flatMap((command) => commandJob(deps, { event, command, project, wasEdited, laneKey })),
  ]
}

function remember(event: CommentWritten, project: Project, wasEdited: boolean): Change {
  const { nodeId, updatedAt } = event.comment
  const { number: prNumber, body } = event
  return upsert('seenComments', { nodeId, projectId: project.id, prNumber, body, wasEdited, updatedAt })
}

/** Bare `/continue` and `/abort` belong to other bots as well: without a live session here they are none of ours. */
async function worthAnswering(
  deps: Deps,
  comment: { readonly parsed: readonly ParsedCommand[]; readonly project: Project; readonly number: number },
): Promise<readonly ParsedCommand[]> {
  const live = await findLiveSession(deps.store, { projectId: comment.project.id, prNumber: comment.number })
  return live === null ? comment.parsed.filter((command) => !command.bare) : comment.parsed
}

/** A comment with more commands than this is no conversation. */
const MOST_COMMANDS = 20

interface IdentifiedCommand {
  readonly id: string
  readonly parsed: ParsedCommand
}

async function notSeenBefore(
  deps: Deps,
  { event, parsed }: { readonly event: CommentWritten; readonly parsed: readonly ParsedCommand[] },
): Promise<readonly IdentifiedCommand[]> {
  const identified = parsed.map((command) => ({
    id: identityOf(event.comment.nodeId, command),
    parsed: command,
  }))
  const known = await deps.store.list('commands', { id: identified.map(({ id }) => id) })
  const ids = new Set(known.map(({ id }) => id))
  return identified.filter(({ id }) => !ids.has(id)).slice(0, MOST_COMMANDS)
}

function identityOf(commentNodeId: string, parsed: ParsedCommand): string {
  if (parsed.kind === 'command') return commandIdentity({ commentNodeId, command: parsed })
  return `${commentNodeId}:${parsed.line}:problem:${parsed.source}`
}

interface CommandJob {
  readonly event: CommentWritten
  readonly command: IdentifiedCommand
  readonly project: Project
  readonly wasEdited: boolean
  readonly laneKey: string
}

function commandJob(
  deps: Deps,
  { event, command, project, wasEdited, laneKey }: CommandJob,
): readonly Change[] {
  const { id, parsed } = command
  const createdAt = deps.clock.now()
  const source: CommandSource = {
    commandId: id,
    commentNodeId: event.comment.nodeId,
    commentUrl: event.comment.url,
    actor: event.sender.login,
    wasEdited,
  }
  const verb = parsed.kind === 'command' ? parsed.verb : 'problem'
  const { repository, number, onIssue } = event
  return [
    insert('commands', {
      id,
      projectId: project.id,
      prNumber: number,
      verb,
      actor: source.actor,
      commentUrl: source.commentUrl,
      state: 'running',
      createdAt,
    }),
    {
      kind: 'enqueue',
      lane: laneKey,
      idem: `command:${id}`,
      job: { kind: 'run_command', repository, number, onIssue, parsed, source },
      runAt: createdAt,
    },
  ]
}
