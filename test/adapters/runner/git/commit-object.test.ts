import { describe, expect, it } from 'vitest'
import {
  committerLine,
  parentsIn,
  parseBatch,
  rewriteCommit,
  summaryOf,
  treeOf,
} from '../../../../src/adapters/runner/git/commit-object.ts'
import { toSha } from '../../../../src/domain/ids.ts'

const A = toSha('a'.repeat(40))
const B = toSha('b'.repeat(40))
const C = toSha('c'.repeat(40))

const bytes = Buffer.concat([
  Buffer.from(
    `tree ${A}\nparent ${B}\nauthor J\xe9r\xf4me <j@x> 1 +0200\ncommitter Old <o@x> 2 +0000\n`,
    'latin1',
  ),
  Buffer.from('gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n'),
  Buffer.from('encoding ISO-8859-1\n\nSubject \xe9\n\nparent of nothing\n', 'latin1'),
])

describe('rewriteCommit', () => {
  it('changes tree, parent and committer, drops the signature and keeps every other byte', () => {
    const committer = 'Belay <b@x> 3 +0000'
    const rewritten = rewriteCommit({ sha: C, bytes }, { tree: C, parent: A, committer })
    const expected = Buffer.concat([
      Buffer.from(
        `tree ${C}\nparent ${A}\nauthor J\xe9r\xf4me <j@x> 1 +0200\ncommitter ${committer}\n`,
        'latin1',
      ),
      Buffer.from('encoding ISO-8859-1\n\nSubject \xe9\n\nparent of nothing\n', 'latin1'),
    ])
    expect(rewritten).toEqual(expected)
  })
})

describe('parseBatch', () => {
  it('splits objects by their length, whatever they hold', () => {
    const one = Buffer.concat([Buffer.from(`${C} commit ${bytes.length}\n`), bytes, Buffer.from('\n')])
    const commits = parseBatch(Buffer.concat([one, one]))
    expect(commits.map(({ sha }) => sha)).toEqual([C, C])
    expect(commits[1]?.bytes).toEqual(bytes)
  })

  it('leaves out what is missing and what is something else', () => {
    const one = Buffer.concat([Buffer.from(`${C} commit ${bytes.length}\n`), bytes, Buffer.from('\n')])
    const others = Buffer.from(`${A} missing\n${B} blob 6\nx\ny\nzz\n`)
    expect(parseBatch(Buffer.concat([others, one])).map(({ sha }) => sha)).toEqual([C])
  })
})

describe('parentsIn', () => {
  it('returns them in their order and takes no line of the message for one', () => {
    const text = `tree ${A}\nparent ${C}\nparent ${B}\nauthor a <a@x> 1 +0000\n\nparent ${A}\n`
    expect(parentsIn({ sha: C, bytes: Buffer.from(text) })).toEqual([C, B])
  })
})

describe('treeOf and summaryOf', () => {
  it('read the header and the first line', () => {
    const text = `tree ${A}\nauthor Zoë Öz <z@x> 1 +0000\ncommitter Z <z@x> 1 +0000\n\nFirst line\nSecond\n`
    const commit = { sha: C, bytes: Buffer.from(text) }
    expect(treeOf(commit)).toBe(A)
    expect(summaryOf(commit)).toEqual({ sha: C, author: 'Zoë Öz', subject: 'First line' })
  })
})

describe('committerLine', () => {
  it('lets no name end the line or the address', () => {
    expect(committerLine({ name: 'a <b>\nparent x', email: 'x>y\n' }, 5999)).toBe('a bparent x <xy> 5 +0000')
  })
})
