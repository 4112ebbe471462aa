// The words of the question about reviewers and agent who do not agree. Reasons are words of agents: they are quoted.

import { DECISIONS } from '../decision/decision.ts'
import type { ConsensusDetails } from '../decision/details.ts'
import type { QuestionOf } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import { blocks, codeCell, count, folded, inlineCode, listing, table } from './markdown.ts'
import { quotedItems, type QuoteLimits } from './quoted-words.ts'

type ConsensusQuestion = QuestionOf<'consensus_stalled'>
type Round = ConsensusDetails['rounds'][number]

const LAST_ROUND: QuoteLimits = { items: 10, length: 400, room: 4000 }
const EARLIER_ROUND: QuoteLimits = { items: 5, length: 150, room: 1200 }
const LISTED_REVIEWERS = 5
const EARLIER_ROUNDS = 4

/** Returns how often it was tried, where the proposed commit is, and what the reviewers say against it. */
export function whyThereIsNoConsensus({ details, phase }: ConsensusQuestion): string {
  const { rounds, branch, commit } = details
  const last = rounds.at(-1)
  return blocks(
    `### ${DECISIONS.consensus_stalled.title}`,
    `The work of phase ${inlineCode(phase)} was reviewed in ${count(rounds.length, 'round')}, and ${refusers(last)}. The commit that was proposed last, ${inlineCode(shortSha(commit))}, is in the worktree and **not on ${inlineCode(branch)} yet**: it is pushed only when it is accepted. Nothing was discarded.`,
    last === undefined ? null : refusals(last, LAST_ROUND),
    earlier(rounds.slice(0, -1)),
  )
}

function refusers(last: Round | undefined): string {
  const names = last?.refusals.map(({ reviewer }) => inlineCode(reviewer)) ?? []
  const wasAccepted = last?.status === 'accepted' || last?.status === 'overruled'
  if (wasAccepted)
    return 'what was accepted last does not hold any more: others changed on the branch what it touches'
  return names.length === 0
    ? 'no commit was accepted'
    : `${listing(names, LISTED_REVIEWERS)} refused it in the last one`
}

function refusals(round: Round, limits: QuoteLimits): string {
  const shown = round.refusals.slice(0, LISTED_REVIEWERS)
  const hidden = round.refusals.length - shown.length
  return blocks(
    ...shown.map(({ reviewer, reasons }) =>
      blocks(
        `${inlineCode(reviewer)} refused ${inlineCode(shortSha(round.commit))} in round ${round.round}:`,
        quotedItems(reasons, limits),
      ),
    ),
    hidden === 0 ? null : `Not shown: ${count(hidden, 'more reviewer')}.`,
  )
}

function earlier(rounds: readonly Round[]): string | null {
  if (rounds.length === 0) return null
  const shown = rounds.slice(-EARLIER_ROUNDS)
  const hidden = rounds.length - shown.length
  return folded(
    `Earlier rounds (${rounds.length})`,
    blocks(
      hidden === 0 ? null : `Not shown: ${count(hidden, 'older round')}.`,
      ...shown.map((round) => refusals(round, EARLIER_ROUND) || unrefused(round)),
    ),
  )
}

function unrefused({ round, commit, status }: Round): string {
  const proposed = `Round ${round}, ${inlineCode(shortSha(commit))}`
  return status === 'stale'
    ? `${proposed}: its verdicts count no more, because the branch moved on in a way that touches it.`
    : `${proposed}: nobody refused it.`
}

/** Returns branch, head and where the proposed commit is. */
export function consensusFacts({ details, headSha, sessionId }: ConsensusQuestion): string {
  return table(
    ['', ''],
    [
      ['Branch', `${codeCell(details.branch)} at ${codeCell(shortSha(headSha))}`],
      ['Proposed', `${codeCell(details.commit)}, not pushed`],
      ['Where it lies', `${codeCell(`$BELAY_HOME/sessions/${sessionId}/tree`)}, on the runner`],
    ],
  )
}
