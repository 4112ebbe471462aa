// When reviewers agree, and how long what they said counts. Pure.

import type { RangeFacts } from '../sync/facts.ts'
import type { Proposal, Verdict } from './records.ts'

/** So many proposals are made before a person is asked. */
export const MOST_ROUNDS = 3

export type Consensus = 'open' | 'accepted' | 'refused'

/** Says how a round stands. A refusal waits for the other verdicts, so that the producer hears all reasons at once. */
export function consensusOf(verdicts: readonly Pick<Verdict, 'status'>[]): Consensus {
  if (verdicts.some(({ status }) => status === 'pending')) return 'open'
  return verdicts.some(({ status }) => status === 'nack') ? 'refused' : 'accepted'
}

/**
 * Returns the proposal whose acceptance counts for a run epoch, or null.
 *
 * One of an older epoch never does: after an answer, a restart or another attempt everything is looked at anew.
 */
export function acceptedIn(proposals: readonly Proposal[], runEpoch: number): Proposal | null {
  const counts = (proposal: Proposal): boolean =>
    proposal.runEpoch === runEpoch && (proposal.status === 'accepted' || proposal.status === 'overruled')
  return proposals.find(counts) ?? null
}

export interface MovedProposal {
  readonly proposal: Pick<Proposal, 'commits' | 'paths'>
  /** The own commits as they lie now, on the newer base. */
  readonly now: RangeFacts
  /** Paths in which the newer base differs from the one that was reviewed. */
  readonly upstreamPaths: readonly string[]
}

/**
 * Tells whether verdicts about a proposal hold for its replay on a newer base.
 *
 * They do when every own commit still makes the same change, and nothing that they touch was changed by others: a change
 * that reads the same can mean something else beside other lines of the same file.
 */
export function verdictsSurvive({ proposal, now, upstreamPaths }: MovedProposal): boolean {
  const before = proposal.commits.map(({ patchId }) => patchId)
  const after = now.commits.map(({ patchId }) => patchId)
  const isSame =
    before.length === after.length &&
    before.every((patchId, position) => patchId !== null && patchId === after[position])
  if (!isSame) return false
  const touched = new Set([...proposal.paths, ...now.paths])
  return upstreamPaths.every((path) => !touched.has(path))
}
