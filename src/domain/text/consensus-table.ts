// The rounds of a phase's reviews in the status comment: what was proposed, who said what, and why. Reasons are words of
// agents: they are quoted.

import { assertNever } from '../assert-never.ts'
import { shortSha } from '../ids.ts'
import type { Proposal, ProposalStatus, Verdict } from '../pipeline/records.ts'
import { blocks, clip, codeCell, count, folded, inlineCode, table } from './markdown.ts'
import { quotedItems, type QuoteLimits } from './quoted-words.ts'

export interface ConsensusFacts {
  /** Proposals of one phase, oldest first. */
  readonly proposals: readonly Proposal[]
  readonly verdicts: readonly Verdict[]
}

const LISTED_ROUNDS = 5
const LISTED_REVIEWERS = 6
const LISTED_REASONS = 8
const NAME_LENGTH = 60
const REASONS: QuoteLimits = { items: 10, length: 300, room: 1500 }

const RESULT: Readonly<Record<ProposalStatus, string>> = {
  open: 'under review',
  accepted: 'accepted',
  refused: 'refused',
  stale: 'counts no more',
  overruled: 'accepted by a person',
}

/** Returns the proposals since the first round began last: a new start of the phase counts anew. */
export function currentRounds(proposals: readonly Proposal[]): readonly Proposal[] {
  const begun = proposals.findLastIndex(({ round }) => round === 1)
  return begun === -1 ? proposals : proposals.slice(begun)
}

/** Returns the table of the rounds, and the reasons of the reviewers below it; null when nothing was proposed. */
export function consensusTable(phase: string, { proposals, verdicts }: ConsensusFacts): string | null {
  const all = currentRounds(proposals)
  if (all.length === 0) return null
  const shown = all.slice(-LISTED_ROUNDS)
  const names = reviewersOf(shown, verdicts)
  const listed = names.slice(0, LISTED_REVIEWERS)
  const rows = shown.map((proposal) => [
    String(proposal.round),
    codeCell(shortSha(proposal.commit)),
    ...listed.map((name) => verdictCell(proposal, verdictOf(proposal, name, verdicts))),
    RESULT[proposal.status],
  ])
  const head = ['Round', 'Commit', ...listed.map((name) => codeCell(clip(name, NAME_LENGTH))), 'Result']
  return blocks(
    `**Reviews of phase ${inlineCode(phase)}**`,
    table(head, rows),
    names.length === listed.length
      ? null
      : `Not shown: ${count(names.length - listed.length, 'more reviewer')}.`,
    reasons(shown, verdicts),
  )
}

function reviewersOf(proposals: readonly Proposal[], verdicts: readonly Verdict[]): readonly string[] {
  const ids = new Set(proposals.map(({ id }) => id))
  return [...new Set(verdicts.flatMap(({ proposalId, reviewer }) => (ids.has(proposalId) ? [reviewer] : [])))]
}

function verdictOf({ id }: Proposal, name: string, verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ proposalId, reviewer }) => proposalId === id && reviewer === name)
}

function verdictCell(proposal: Proposal, verdict: Verdict | undefined): string {
  if (verdict === undefined) return ''
  switch (verdict.status) {
    case 'ack':
      return 'accepts'
    case 'nack':
      return 'refuses'
    case 'pending':
      return pendingCell(proposal, verdict)
    default:
      return assertNever(verdict.status)
  }
}

function pendingCell({ status }: Proposal, { failures }: Verdict): string {
  const failed = failures === 0 ? '' : `, ${count(failures, 'failed attempt')}`
  return status === 'open' ? `looks at it${failed}` : `no verdict${failed}`
}

function reasons(proposals: readonly Proposal[], verdicts: readonly Verdict[]): string | null {
  const given = proposals
    .toReversed()
    .flatMap(({ id, round }) =>
      verdicts
        .filter((verdict) => verdict.proposalId === id && verdict.reasons.length > 0)
        .map(({ reviewer, reasons: said, status }) =>
          blocks(
            `Round ${round}, ${inlineCode(clip(reviewer, NAME_LENGTH))} ${status === 'nack' ? 'refuses' : 'accepts'}:`,
            quotedItems(said, REASONS),
          ),
        ),
    )
  if (given.length === 0) return null
  const shown = given.slice(0, LISTED_REASONS)
  const older = given.length - shown.length
  return folded(
    `What the reviewers say (${given.length})`,
    blocks(...shown, older === 0 ? null : `And ${older} older.`),
  )
}
