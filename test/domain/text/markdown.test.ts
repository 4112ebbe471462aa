import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blocks,
  clip,
  codeCell,
  count,
  escapeText,
  fence,
  inlineCode,
  link,
  listing,
  mention,
  oneLine,
  table,
} from '../../../src/domain/text/markdown.ts'
import { foreignText, HOSTILE } from './hostile.ts'
import { dangersOf, shapeOf } from './structure.ts'

const PARAGRAPH = shapeOf('plain')

describe('escapeText', () => {
  it.each(HOSTILE)('makes one plain paragraph of %j', (text) => {
    const escaped = escapeText(text)
    expect(dangersOf(escaped)).toEqual([])
    expect(shapeOf(escaped)).toEqual(PARAGRAPH)
  })

  it('makes one plain paragraph of anything', () => {
    fc.assert(
      fc.property(foreignText(), (text) => {
        const escaped = escapeText(text)
        expect(dangersOf(escaped)).toEqual([])
        expect(shapeOf(escaped)).toEqual(PARAGRAPH)
      }),
      { numRuns: 100 },
    )
  })

  it('shows the words as they were written', () => {
    expect(escapeText('Fix a*b in <T> [x]')).toBe('Fix a\\*b in &lt;T&gt; \\[x\\]')
    expect(escapeText('ping @bob about #12')).toBe('ping @&#8203;bob about #&#8203;12')
  })
})

describe('inlineCode', () => {
  it('keeps anything inside one code span', () => {
    fc.assert(
      fc.property(foreignText(), (text) => {
        expect(dangersOf(inlineCode(text))).toEqual([])
        expect(shapeOf(`a ${inlineCode(text)} b`)).toEqual(shapeOf('a `x` b'))
      }),
      { numRuns: 100 },
    )
  })

  it('says so when there is nothing', () => {
    expect(inlineCode(' \n')).toBe('(empty)')
  })
})

describe('table', () => {
  it('keeps its columns whatever the cells hold', () => {
    fc.assert(
      fc.property(foreignText(), foreignText(), (one, other) => {
        const drawn = table(['a', 'b'], [[codeCell(one), escapeText(other)]])
        const first = one.includes('\\|') ? 'x' : '`x`'
        expect(dangersOf(drawn)).toEqual([])
        expect(shapeOf(drawn)).toEqual(shapeOf(table(['a', 'b'], [[first, 'y']])))
      }),
      { numRuns: 100 },
    )
  })
})

describe('fence', () => {
  it('can not be closed from inside', () => {
    fc.assert(
      fc.property(foreignText(), (text) => {
        expect(dangersOf(fence(text, 'text'))).toEqual([])
        expect(shapeOf(fence(text, 'text'))).toEqual(shapeOf('```text\nx\n```'))
      }),
      { numRuns: 100 },
    )
  })
})

describe('mention', () => {
  it.each(['alice', 'a-b', 'Alice99', 'carol_acme'])('notifies %s', (login) => {
    expect(mention(login)).toBe(`@${login}`)
  })

  it.each(['belay[bot]', 'team/all', '-alice', 'a--b', 'x'.repeat(60), 'a b', ''])(
    'does not notify %j',
    (login) => {
      expect(mention(login)).not.toMatch(/^@/u)
      expect(dangersOf(mention(login))).toEqual([])
    },
  )
})

describe('link', () => {
  it('links plain http addresses and nothing else', () => {
    expect(link('compare', 'https://github.com/a/b/compare/x...y')).toBe(
      '[compare](https://github.com/a/b/compare/x...y)',
    )
    expect(link('compare', 'javascript:alert(1)')).toBe('compare')
    expect(link('compare', 'https://example.com/ x')).toBe('compare')
  })

  it('can not be left by what the address holds', () => {
    expect(link('x', 'https://example.com/a)(b|c"')).toBe('[x](https://example.com/a%29%28b%7Cc%22)')
  })
})

describe('oneLine', () => {
  it('shows characters that hide or reorder text', () => {
    expect(oneLine('a\u202eb\u200bc\u0007d\r\ne')).toBe('a\ufffdb\ufffdc\ufffdd e')
  })
})

describe('clip', () => {
  it('keeps short text and ends longer text with an ellipsis, whole characters only', () => {
    expect(clip('abc', 3)).toBe('abc')
    expect(clip('abcd', 3)).toBe('ab…')
    expect(clip('\u{1f600}\u{1f600}\u{1f600}', 2)).toBe('\u{1f600}…')
  })
})

describe('blocks', () => {
  it('leaves out what is not there', () => {
    expect(blocks('a', null, '', 'b')).toBe('a\n\nb')
  })
})

describe('listing', () => {
  it('joins, and counts what it does not name', () => {
    expect(listing([])).toBe('')
    expect(listing(['a'])).toBe('a')
    expect(listing(['a', 'b', 'c'])).toBe('a, b and c')
    expect(listing(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more')
  })
})

describe('count', () => {
  it('uses the singular for one', () => {
    expect([count(0, 'commit'), count(1, 'commit'), count(2, 'commit')]).toEqual([
      '0 commits',
      '1 commit',
      '2 commits',
    ])
  })
})
