// The laws of agreement: when a round is over, which proposal counts, and how long a verdict holds.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import {
  acceptedIn,
  consensusOf,
  verdictsSurvive,
  type MovedProposal,
} from '../../../src/domain/pipeline/consensus.ts'
import type {
  Proposal,
  ProposalStatus,
  ProposedCommit,
  Verdict,
} from '../../../src/domain/pipeline/records.ts'

const STATUSES = fc.constantFrom<Verdict['status']>('pending', 'ack', 'nack')
const VERDICTS = fc.array(fc.record({ status: STATUSES }), { maxLength: 6 })
const PATHS = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 })

function shaOf(number: number): Sha {
  return toSha(number.toString(16).padStart(40, '0'))
}

/** Commits with patch ids, which stay the same when they are replayed under other names. */
const COMMITS: fc.Arbitrary<readonly ProposedCommit[]> = fc
  .array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 })
  .map((ids) => ids.map((id, position) => ({ sha: shaOf(position), patchId: `patch ${id}` })))

const MOVED: fc.Arbitrary<MovedProposal> = fc
  .tuple(COMMITS, PATHS, PATHS)
  .map(([commits, paths, upstreamPaths]) => ({
    proposal: { commits, paths },
    now: {
      commits: commits.map(({ patchId }, position) => ({ sha: shaOf(100 + position), patchId })),
      paths,
    },
    upstreamPaths,
  }))

describe('the consensus of a round', () => {
  it('is open while somebody has not spoken', () => {
    fc.assert(
      fc.property(VERDICTS, fc.nat(), (verdicts, at) => {
        const position = at % (verdicts.length + 1)
        const one = verdicts.toSpliced(position, 0, { status: 'pending' })
        expect(consensusOf(one)).toBe('open')
      }),
    )
  })

  it('is accepted by all of them and refused by any of them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<'ack' | 'nack'>('ack', 'nack'), { minLength: 1 }), (said) => {
        const expected = said.includes('nack') ? 'refused' : 'accepted'
        expect(consensusOf(said.map((status) => ({ status })))).toBe(expected)
      }),
    )
  })

  it('does not rest on who speaks first', () => {
    fc.assert(
      fc.property(VERDICTS, (verdicts) => {
        expect(consensusOf(verdicts.toReversed())).toBe(consensusOf(verdicts))
      }),
    )
  })
})

describe('the accepted proposal', () => {
  const proposals = fc.array(
    fc
      .record({
        runEpoch: fc.integer({ min: 1, max: 4 }),
        status: fc.constantFrom<ProposalStatus>('open', 'accepted', 'refused', 'stale', 'overruled'),
      })
      .map((some) => some as Proposal),
  )

  it('is one of the epoch asked for, and accepted there by reviewers or a person', () => {
    fc.assert(
      fc.property(proposals, fc.integer({ min: 1, max: 4 }), (all, runEpoch) => {
        const counting = all.filter(
          (one) => one.runEpoch === runEpoch && ['accepted', 'overruled'].includes(one.status),
        )
        const found = acceptedIn(all, runEpoch)
        expect(found === null).toBe(counting.length === 0)
        if (found !== null) expect(counting).toContain(found)
      }),
    )
  })
})

describe('verdicts about commits that were replayed', () => {
  it('survive a replay that changes nothing and meets nothing', () => {
    fc.assert(
      fc.property(MOVED, (moved) => {
        expect(verdictsSurvive({ ...moved, upstreamPaths: [] })).toBe(true)
      }),
    )
  })

  it('survive exactly when nothing that the commits touch was changed by others', () => {
    fc.assert(
      fc.property(MOVED, (moved) => {
        const meets = moved.upstreamPaths.some((path) => moved.proposal.paths.includes(path))
        expect(verdictsSurvive(moved)).toBe(!meets)
      }),
    )
  })

  it('never survive more when others changed more', () => {
    fc.assert(
      fc.property(MOVED, PATHS, (moved, more) => {
        const further = { ...moved, upstreamPaths: [...moved.upstreamPaths, ...more] }
        if (verdictsSurvive(further)) expect(verdictsSurvive(moved)).toBe(true)
      }),
    )
  })

  it('fall with a commit that has no patch id, on whichever side', () => {
    const withCommits = MOVED.filter(({ proposal }) => proposal.commits.length > 0)
    fc.assert(
      fc.property(withCommits, fc.nat(), fc.boolean(), (moved, at, isBefore) => {
        const without = (commits: readonly ProposedCommit[]): readonly ProposedCommit[] =>
          commits.map((one, position) => (position === at % commits.length ? { ...one, patchId: null } : one))
        const { proposal, now } = moved
        const changed = isBefore
          ? { ...moved, proposal: { ...proposal, commits: without(proposal.commits) } }
          : { ...moved, now: { ...now, commits: without(now.commits) } }
        expect(verdictsSurvive({ ...changed, upstreamPaths: [] })).toBe(false)
        const both = { proposal: { ...proposal, commits: without(proposal.commits) } }
        const same = { ...both, now: { ...now, commits: without(now.commits) }, upstreamPaths: [] }
        expect(verdictsSurvive(same)).toBe(false)
      }),
    )
  })

  it('fall with a commit more, a commit less, or another order', () => {
    const withCommits = MOVED.filter(({ proposal }) => proposal.commits.length > 0)
    fc.assert(
      fc.property(withCommits, (moved) => {
        const { now } = moved
        const survives = (commits: readonly ProposedCommit[]): boolean =>
          verdictsSurvive({ ...moved, now: { ...now, commits }, upstreamPaths: [] })
        const patches = now.commits.map(({ patchId }) => patchId)
        expect(survives(now.commits.slice(1))).toBe(false)
        expect(survives([...now.commits, { sha: shaOf(999), patchId: 'one more' }])).toBe(false)
        const isSymmetric = patches.every((patch, position) => patch === patches.at(-1 - position))
        expect(survives(now.commits.toReversed())).toBe(isSymmetric)
      }),
    )
  })

  it('fall with a path that the replay touches and the proposal did not', () => {
    const moved: MovedProposal = {
      proposal: { commits: [{ sha: shaOf(1), patchId: 'p' }], paths: ['a'] },
      now: { commits: [{ sha: shaOf(2), patchId: 'p' }], paths: ['a', 'b'] },
      upstreamPaths: ['b'],
    }
    expect(verdictsSurvive(moved)).toBe(false)
  })
})
