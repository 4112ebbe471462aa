import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divergencePicture } from '../../../src/domain/text/divergence-picture.ts'
import type { Divergence } from '../../../src/domain/text/divergence-picture.ts'
import { toSha } from '../../../src/domain/ids.ts'
import type { CommitSummary } from '../../../src/domain/sync/facts.ts'
import { foreignText } from './hostile.ts'
import { commit, sha } from './samples.ts'

// The part of Mermaid's gitGraph grammar that a picture may use; anything else would not be drawn.
const STATEMENTS = [
  /^%%\{init: \{'gitGraph': \{'mainBranchName': 'GitHub', 'rotateCommitLabel': false\}\}\}%%$/u,
  /^gitGraph$/u,
  /^ {2}commit id: "[^"\\#;<>%&]+"(?: type: (?:NORMAL|REVERSE|HIGHLIGHT))?(?: tag: "[^"\\#;<>%&]+")?$/u,
  /^ {2}branch worktree$/u,
  /^ {2}checkout GitHub$/u,
]

describe('divergencePicture', () => {
  it('draws both sides from their common commit', () => {
    const facts = divergence({
      own: [commit('1', 'Parse the header'), commit('2', 'Reject an empty header')],
      remote: [commit('3', 'Rename parser')],
    })
    expect(divergencePicture(facts)).toMatchInlineSnapshot(`
      "%%{init: {'gitGraph': {'mainBranchName': 'GitHub', 'rotateCommitLabel': false}}}%%
      gitGraph
        commit id: "0000000"
        branch worktree
        commit id: "1111111" type: REVERSE
        commit id: "2222222" type: REVERSE tag: "pinned"
        checkout GitHub
        commit id: "3333333" tag: "worktree is here now""
    `)
  })

  it('draws at most six commits a side and counts the rest', () => {
    const many = Array.from({ length: 40 }, (_, index) => numbered(index, `Commit ${index}`))
    const picture = divergencePicture(divergence({ own: many, remote: many })) ?? ''
    expect(picture.match(/^ {2}commit/gmu)).toHaveLength(1 + 6 + 6)
    expect(picture).toContain('commit id: "35 before"')
    expect(picture).toContain('commit id: "35 older"')
  })

  it('draws nothing without a common commit or without commits', () => {
    expect(divergencePicture(divergence({ mergeBase: null }))).toBeNull()
    expect(divergencePicture(divergence({ own: [], remote: [] }))).toBeNull()
  })

  it('draws one side when only one moved', () => {
    expect(divergencePicture(divergence({ own: [] }))).not.toContain('branch')
    expect(divergencePicture(divergence({ remote: [] }))).toContain('checkout GitHub')
  })

  it('stays within the grammar, with every id different, whatever the subjects are', () => {
    fc.assert(
      fc.property(
        fc.array(foreignText(), { maxLength: 8 }),
        fc.array(foreignText(), { maxLength: 8 }),
        (own, remote) => {
          const picture = divergencePicture(
            divergence({
              own: own.map((subject, index) => numbered(index, subject)),
              remote: remote.map((subject, index) => numbered(index + 100, subject)),
            }),
          )
          const lines = picture?.split('\n') ?? []
          for (const line of lines)
            expect(
              STATEMENTS.some((statement) => statement.test(line)),
              line,
            ).toBe(true)
          const ids = lines.flatMap((line) => /commit id: "([^"]+)"/u.exec(line)?.[1] ?? [])
          expect(new Set(ids).size).toBe(ids.length)
        },
      ),
      { numRuns: 100 },
    )
  })
})

function divergence(over: Partial<Divergence>): Divergence {
  return {
    mergeBase: sha('0'),
    own: [commit('1', 'Ours')],
    remote: [commit('3', 'Theirs')],
    isReset: true,
    isPinned: true,
    hasMovedOn: false,
    ...over,
  }
}

function numbered(index: number, subject: string): CommitSummary {
  return { sha: toSha(`abc${String(index).padStart(4, '0')}`.padEnd(40, '0')), subject, author: 'belay[bot]' }
}
