import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasMarker, renderMarker, withMarker } from '../../../src/domain/text/marker.ts'
import { shapeOf } from './structure.ts'

const TAG = 'abcdefghijklmnopqrstuv'

describe('withMarker', () => {
  it('puts the hidden line last', () => {
    expect(withMarker('Hello.\n', { target: 'question:k3m9qx', tag: TAG })).toBe(
      `Hello.\n\n<!-- belay:question:k3m9qx ${TAG} -->`,
    )
  })

  it('is found again, whatever the target is, and is one HTML comment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (target) => {
        const marker = { target, tag: TAG }
        expect(hasMarker(withMarker('body', marker), marker)).toBe(true)
        expect(shapeOf(withMarker('body', marker))).toEqual({
          type: 'root',
          children: [
            { type: 'paragraph', children: [{ type: 'text' }] },
            { type: 'html', html: renderMarker(marker) },
          ],
        })
      }),
    )
  })

  it('stays short when the target is long', () => {
    expect(renderMarker({ target: '\u{1f600}'.repeat(5000), tag: TAG }).length).toBeLessThan(1600)
  })
})

describe('hasMarker', () => {
  const marker = { target: 'status:rocket-1', tag: TAG }

  it('survives spaces and line breaks that GitHub adds', () => {
    expect(hasMarker(`${withMarker('body', marker)}\r\n`, marker)).toBe(true)
  })

  it.each([
    ['another tag', withMarker('body', { ...marker, tag: 'x'.repeat(22) })],
    ['another target', withMarker('body', { ...marker, target: 'status:rocket-2' })],
    ['a quotation', `> ${renderMarker(marker)}`],
    ['a marker that is not last', `${withMarker('body', marker)}\nmore`],
    ['no marker', 'body'],
  ])('does not take %s for it', (_name, body) => {
    expect(hasMarker(body, marker)).toBe(false)
  })
})
