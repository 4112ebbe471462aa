// What the subcommands need done. The program's main file provides it; the command line only reads and prints.

import type { Decision, Session } from '../domain/records.ts'
import type { BackupFacts, ShownBackup } from '../domain/text/cli-backups.ts'
import type { Finding, SessionFacts } from '../domain/text/cli.ts'
import type { DeliveryStatus, InboxEntry, InboxSummary } from '../ports/inbox.ts'
import type { SubmittedRescue } from '../ports/rescues.ts'
import type { PostedReply } from './post-answer.ts'
import type { DropReply, ReplayReply } from './post-repair.ts'
import type { PostedRescue } from './post-rescue.ts'

export interface InboxQuery {
  /** Null means all. */
  readonly statuses: readonly DeliveryStatus[] | null
  readonly limit: number
}

export interface AnswerOrder {
  readonly decisionId: string
  readonly answer: string
  /** Null: the one open question with this id. */
  readonly pipelineId: string | null
}

/** What `backups rescue` asks for. */
export type RescueOrder = Pick<SubmittedRescue, 'backupId' | 'content' | 'branch'>

/** Each action reads its own configuration and closes what it opened; failures are thrown. */
export interface CliActions {
  /** Resolves when the process was told to end and has ended its work. */
  start(): Promise<void>
  /** Returns the address of the database, without credentials. */
  migrate(): Promise<string>
  doctor(): Promise<readonly Finding[]>
  listDeliveries(query: InboxQuery): Promise<readonly InboxSummary[]>
  findDelivery(deliveryId: string): Promise<InboxEntry | null>
  replayDelivery(deliveryId: string): Promise<ReplayReply>
  dropDelivery(deliveryId: string): Promise<DropReply>
  listDecisions(scope: 'open' | 'all'): Promise<readonly Decision[]>
  answerDecision(order: AnswerOrder): Promise<PostedReply>
  listSessions(scope: 'open' | 'all'): Promise<readonly Session[]>
  findSession(sessionId: string): Promise<SessionFacts | null>
  /** Newest first; `sessionId` null means of all sessions. Null when there is no such session. */
  listBackups(sessionId: string | null): Promise<readonly BackupFacts[] | null>
  /** With what lies in the pin, read from the mirror of this machine. */
  findBackup(backupId: string): Promise<ShownBackup | null>
  rescueBackup(order: RescueOrder): Promise<PostedRescue>
}
