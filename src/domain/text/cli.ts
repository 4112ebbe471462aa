// What the command line says: descriptions of its subcommands, and the tables it prints. Knows no terminal.

import type { Decision, Pipeline, PhaseRun, Session } from '../records.ts'
import { aligned, alignedTable } from './aligned-table.ts'
import { formatTime } from './moment.ts'

/** What `--help` says about every subcommand, argument and option. */
export const CLI_HELP = {
  program:
    'Holds the rope for coding agents: keeps worktree and pull request in step, and asks a person when it matters.',
  start: 'run the App: receive webhooks, work on pull requests, run agents',
  migrate: 'bring the database up to date and exit',
  doctor: 'check configuration, git, database and GitHub, and show what is stuck',
  appLink: 'print a link to GitHub’s form for a new App, filled in as app.yml says',
  address: 'where GitHub reaches this program, such as https://belay.example.com',
  owner: 'the organisation that shall own the App',
  appName: 'the name of the App',
  github: 'the address of an Enterprise Server',
  notAnAddress: 'Give an address that begins with https://.',
  openApi: 'print the OpenAPI document of the REST interface',
  inbox: 'look at webhook deliveries, and repair what could not be handled',
  inboxList: 'list deliveries, newest first',
  inboxShow: 'show one delivery with its payload',
  inboxReplay: 'handle a delivery again from the start',
  inboxDrop: 'take a delivery out for good; it stays visible',
  decisions: 'look at questions and answer them',
  decisionsList: 'list open questions',
  decisionsAnswer: 'answer a question through the running process',
  sessions: 'look at sessions',
  sessionsList: 'list sessions that are not over',
  sessionsShow: 'show one session with its pipelines and phases',
  backups: 'look at what was pinned before anything was discarded',
  backupsList: 'list pins, newest first',
  backupsShow: 'show one pin, what lies in it, and how to get it back',
  backupsRescue: 'put a pin on a new branch of its repository',
  dirty: 'the uncommitted files too; what looks like a secret stays here',
  branch: 'the name of the new branch',
  notABranch: 'Give the name of a branch, such as rescue/monday.',
  json: 'print JSON for scripts',
  all: 'also what is over',
  limit: 'how many at most',
  status: 'only with this status; may be given several times',
  session: 'only of this session',
  delivery: 'the delivery id, as GitHub shows it',
  decision: 'the id of the question',
  option: 'one of its options, by id or label',
  pipeline: 'the pipeline of the question, when its id is not unique',
  sessionId: 'the id of the session',
  backup: 'the id of the pin',
  examples: `
Examples:
  belay start
  belay doctor
  belay inbox list --status dead
  belay decisions answer k7m2qx continue
  belay backups list --session rocket-1

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
`,
} as const

/** A delivery as the list shows it. */
export interface DeliveryLine {
  readonly deliveryId: string
  readonly event: string
  readonly action: string | null
  readonly status: string
  readonly attempts: number
  readonly reason: string | null
  readonly receivedAt: number
}

export function renderDeliveries(deliveries: readonly DeliveryLine[]): string {
  if (deliveries.length === 0) return 'No deliveries.\n'
  return alignedTable(
    ['DELIVERY', 'RECEIVED', 'EVENT', 'STATUS', 'TRIES', 'REASON'],
    deliveries.map((one) => [
      one.deliveryId,
      formatTime(one.receivedAt),
      eventName(one),
      one.status,
      String(one.attempts),
      one.reason ?? '',
    ]),
  )
}

/** Returns the facts of a delivery; its payload is printed below them as it was signed. */
export function renderDelivery(one: DeliveryLine & { readonly bodySha256: string }): string {
  return aligned([
    ['delivery', one.deliveryId],
    ['event', eventName(one)],
    ['received', formatTime(one.receivedAt)],
    ['status', one.status],
    ['tries', String(one.attempts)],
    ['reason', one.reason ?? '-'],
    ['sha256', one.bodySha256],
  ])
}

function eventName(one: DeliveryLine): string {
  return one.action === null ? one.event : `${one.event}.${one.action}`
}

export function renderDecisions(decisions: readonly Decision[]): string {
  if (decisions.length === 0) return 'No open questions.\n'
  return alignedTable(
    ['ID', 'SESSION', 'PR', 'QUESTION', 'STATUS', 'OPTIONS', 'ASKED'],
    decisions.map((one) => [
      one.id,
      one.sessionId,
      `#${one.prNumber}`,
      one.context,
      one.answer === null ? one.status : `${one.status}: ${one.answer} by ${one.answeredBy ?? '-'}`,
      one.options.map(({ id }) => id).join(', '),
      formatTime(one.createdAt),
    ]),
  )
}

export function renderSessions(sessions: readonly Session[]): string {
  if (sessions.length === 0) return 'No sessions.\n'
  return alignedTable(
    ['SESSION', 'STATE', 'PR', 'BRANCH', 'AGENT', 'STARTED BY', 'SINCE'],
    sessions.map((one) => [
      one.id,
      one.state,
      `#${one.prNumber}`,
      one.branch,
      one.agent,
      one.startedBy,
      formatTime(one.createdAt),
    ]),
  )
}

/** A session with everything that ran in it. */
export interface SessionFacts {
  readonly session: Session
  readonly pipelines: readonly (Pipeline & { readonly phases: readonly PhaseRun[] })[]
  readonly decisions: readonly Decision[]
}

export function renderSession({ session, pipelines, decisions }: SessionFacts): string {
  const head = aligned([
    ['session', session.id],
    ['state', session.state],
    ['pull request', `#${session.prNumber}`],
    ['branch', `${session.branch} onto ${session.baseRef}`],
    ['agent', session.agent],
    ['started by', session.startedBy],
    ['runner', session.runnerId],
    ['last synced', session.lastSyncedSha ?? '-'],
  ])
  const rows = pipelines.flatMap(({ phases, ...pipeline }) => [
    [pipeline.id, '', pipeline.status, pipeline.failure?.code ?? '', String(pipeline.runEpoch)],
    ...phases.map((phase) => [pipeline.id, phase.name, phase.status, phase.failure?.code ?? '', '']),
  ])
  const table =
    rows.length === 0 ? '' : `\n${alignedTable(['PIPELINE', 'PHASE', 'STATUS', 'FAILURE', 'EPOCH'], rows)}`
  const open = decisions.length === 0 ? '' : `\n${renderDecisions(decisions)}`
  return head + table + open
}

/** One line of the doctor's report. */
export interface Finding {
  /** `configuration`, `git`, `database`. */
  readonly check: string
  readonly verdict: 'good' | 'warning' | 'bad'
  /** What was found and, when it is not good, what to do. */
  readonly detail: string
}

export function renderFindings(findings: readonly Finding[]): string {
  const marks = { good: 'ok', warning: 'warning', bad: 'FAILED' } as const
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length
  const rows = findings.map(({ check, verdict, detail }) => [check, marks[verdict], detail] as const)
  const widest = Math.max(0, ...rows.map(([check]) => check.length))
  const lines = rows.map(([check, mark, detail]) => `${check.padEnd(widest)}  ${mark.padEnd(7)}  ${detail}\n`)
  const sum = bad === 0 ? 'Nothing is wrong.' : bad === 1 ? 'One check failed.' : `${bad} checks failed.`
  return `${lines.join('')}\n${sum}\n`
}
