// The one status comment of a session, edited in place. First line: what is going on and what is needed from whom.
// Names people without mentioning them: it changes often and must notify nobody.

import { assertNever } from '../assert-never.ts'
import type { ConfigFault } from '../config/repository-config.ts'
import type { Contract, ContractTask } from '../pipeline/records.ts'
import type { Backup, PhaseRun, Project, JournalledSync } from '../records.ts'
import { shortSha } from '../ids.ts'
import { SYNC_CASES } from '../sync/case.ts'
import type { LeftOutReason } from '../sync/step.ts'
import { configFaultLines } from './config-fault-lines.ts'
import { consensusTable } from './consensus-table.ts'
import { contractChecklist } from './contract.ts'
import { renderFailure } from './failure-text.ts'
import { blocks, clip, codeCell, folded, inlineCode, table } from './markdown.ts'
import { formatTime } from './moment.ts'
import { phaseTable } from './phase-table.ts'
import { newAlerts, olderAlerts, type SessionAlerts } from './session-alerts.ts'
import { renderEnding } from './session-ending.ts'
import { isRunning, readSituation } from './situation.ts'
import type { Situation, SituationFacts } from './situation.ts'
import { situationLine } from './situation-line.ts'
import { waitingNewsLine, type WaitingNews } from './waiting-news.ts'

/** Everything the status comment says, as stored. */
export interface StatusFacts extends SituationFacts {
  readonly project: Project
  readonly lastSync: JournalledSync | null
  /** What the agent was not told yet. */
  readonly news: WaitingNews
  /** Of a draft nothing is different; people want to see it. */
  readonly isDraft: boolean
  /** The pins of all sessions of the pull request, oldest first. */
  readonly pins: readonly Backup[]
  /** The newest contract of the session; null when no phase has made one. */
  readonly contract: Contract | null
  /** The tasks of that contract, in their order. */
  readonly tasks: readonly ContractTask[]
  readonly alerts: SessionAlerts
}

const LISTED_PINS = 10
const LISTED_LEFTOVERS = 20
const PATH_LENGTH = 120

/** Returns the body of the status comment. */
export function renderStatus(facts: StatusFacts): string {
  const situation = readSituation(facts)
  return blocks(
    situationLine(situation, facts),
    moved(facts),
    outcome(situation, facts),
    newAlerts(facts.alerts),
    mergeHold(situation, facts),
    waitingNewsLine(facts.news),
    facts.phases.length === 0 ? null : phaseTable(facts),
    reviews(facts),
    facts.contract === null ? null : contractChecklist({ contract: facts.contract, tasks: facts.tasks }),
    details(facts),
    leftOut(facts),
    pins(facts.pins),
    olderAlerts(facts.alerts),
    configuration(facts.project.configFaults),
    '<sub>`/belay status` refreshes this comment, `/belay help` lists what you can do.</sub>',
  )
}

/** Why a pipeline that could go on does not. */
function mergeHold({ kind }: Situation, { news }: StatusFacts): string | null {
  if (!news.isMerging || (kind !== 'between_steps' && kind !== 'preparing')) return null
  return '**GitHub is about to merge this pull request.** Nothing starts and nothing is pushed meanwhile: a commit more would stop that. Belay goes on when the pull request is not about to be merged any more.'
}

function reviews({ pipeline, phases, proposals, verdicts }: StatusFacts): string | null {
  const phase = phases.find(({ name }) => name === pipeline?.currentPhase)
  if (phase === undefined) return null
  const own = proposals.filter(({ phaseRunId }) => phaseRunId === phase.id)
  return consensusTable(phase.name, { proposals: own, verdicts })
}

/** A session that ended says where its work is; why a pipeline does not run matters while it lives. */
function outcome(situation: Situation, { session, pins: known }: StatusFacts): string | null {
  const { ending, id: sessionId } = session
  return ending === null ? reason(situation) : renderEnding({ ending, sessionId, pins: known })
}

function reason(situation: Situation): string | null {
  switch (situation.kind) {
    case 'failed':
    case 'cancelled':
    case 'closed':
      return situation.failure === null ? null : renderFailure(situation.failure)
    default:
      return null
  }
}

function moved(facts: StatusFacts): string | null {
  const { remoteMoved, branch } = facts.session
  if (remoteMoved === null) return null
  const { sha, isRewritten } = remoteMoved
  // A read of the branch shows that it moved, but not who moved it.
  const by = remoteMoved.by === '' ? 'Somebody' : inlineCode(remoteMoved.by)
  // Once the agent has been stopped the question says what happened.
  if (isRewritten === true && !facts.attempts.some(isRunning)) return null
  if (sha === null)
    return `${by} deleted ${inlineCode(branch)} while the agent worked. It is being stopped, and everything is pinned.`
  if (isRewritten === true)
    return `${by} rewrote ${inlineCode(branch)}, now at ${inlineCode(shortSha(sha))}, while the agent worked. It is being stopped, and everything is pinned.`
  return `${by} pushed ${inlineCode(shortSha(sha))} to ${inlineCode(branch)} while the agent works. Belay syncs when the attempt ends.`
}

function details(facts: StatusFacts): string {
  const { session, lastSync } = facts
  return table(
    ['', ''],
    [
      ['Session', codeCell(session.id)],
      [
        'Branch',
        `${codeCell(session.branch)} into ${codeCell(session.baseRef)}${facts.isDraft ? ', a draft' : ''}`,
      ],
      ['Agent', codeCell(session.agent)],
      ['Started', `by ${codeCell(session.startedBy)} at ${formatTime(session.createdAt)}`],
      ...(lastSync === null ? [] : [['Last sync', syncCell(lastSync)]]),
    ],
  )
}

function syncCell(sync: JournalledSync): string {
  const at = formatTime(sync.endedAt ?? sync.startedAt)
  switch (sync.state) {
    case 'planned':
    case 'running':
      return `under way since ${formatTime(sync.startedAt)}`
    case 'interrupted':
      return `interrupted at ${at}; it is finished or repeated by itself`
    case 'done':
    case 'failed':
      return `${at}: ${SYNC_CASES[sync.case].meaning}`
    default:
      return assertNever(sync.state)
  }
}

function leftOut(facts: StatusFacts): string | null {
  const phases = facts.phases.filter((phase) => phase.leftOut.length > 0)
  const all = phases.flatMap((phase) => phase.leftOut)
  if (all.length === 0) return null
  const shown = all.slice(0, LISTED_LEFTOVERS)
  const rows = shown.map((item) => [codeCell(clip(item.path, PATH_LENGTH)), LEFT_OUT[item.reason]])
  const rest = all.length - shown.length
  return blocks(
    `**Not committed.** These files of the worktree were left out. ${
      phases.every((phase) => arePinned(phase, facts.pins))
        ? 'They are pinned, unless the table says otherwise.'
        : 'They could not all be pinned and lie in the worktree only.'
    }`,
    table(['File', 'Why'], rows),
    rest === 0 ? null : `And ${rest} more.`,
  )
}

/** Tells whether the pin for leftovers was made in this run of the phase: it can fail, and the work goes on without it. */
function arePinned({ startedAt }: PhaseRun, all: readonly Backup[]): boolean {
  return all.some((pin) => pin.reason === 'left_out' && pin.createdAt >= (startedAt ?? 0))
}

const LEFT_OUT: Readonly<Record<LeftOutReason, string>> = {
  too_large: 'larger than 1 MB',
  too_many: 'more than 200 files at once',
  secret_like: 'looks like a secret',
  nested_repository: 'a git repository of its own; what is in it is in no pin',
  unreadable: 'could not be read; it is in no pin',
}

function pins(all: readonly Backup[]): string | null {
  if (all.length === 0) return null
  const shown = all.slice(-LISTED_PINS).toReversed()
  const rows = shown.map((pin) => [
    codeCell(pin.prefix),
    codeCell(shortSha(pin.head)),
    pinPlace(pin),
    formatTime(pin.createdAt),
  ])
  const older = all.length - shown.length
  return folded(
    `Pins (${all.length})`,
    blocks(table(['Refs below', 'Head', 'Where', 'Made'], rows), older === 0 ? null : `And ${older} older.`),
  )
}

function pinPlace(pin: Backup): string {
  const place = pin.push === 'pushed' ? 'GitHub and runner' : 'runner'
  const branches = [pin.rescueBranch, pin.dirtyRescueBranch].filter((branch) => branch !== null)
  return [place, ...branches.map((branch) => `branch ${codeCell(branch)}`)].join(', ')
}

function configuration(faults: readonly ConfigFault[]): string | null {
  if (faults.length === 0) return null
  return blocks(
    '**`.github/belay.yml` has faults.** Until they are corrected, the last good configuration counts, or the defaults when there never was one.',
    configFaultLines(faults),
  )
}
