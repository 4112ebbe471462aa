// Which typing errors are guessed, and which are left alone.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { closestWord } from '../../src/domain/closest-word.ts'

const WORDS = ['run', 'continue', 'abort', 'status', 'sync', 'stop', 'help'] as const

describe('closestWord', () => {
  it.each([
    ['runn', 'run'],
    ['rnu', 'run'],
    ['cotninue', 'continue'],
    ['CONTINU', 'continue'],
    ['statsu', 'status'],
    ['sink', 'sync'],
    ['is', null],
    ['r', null],
    ['', null],
    ['great', null],
    ['can', null],
  ])('takes "%s" for %s', (word, expected) => {
    expect(closestWord(word, WORDS)).toBe(expected)
  })

  it('guesses nothing for a very long word', () => {
    expect(closestWord('run'.repeat(20_000), WORDS)).toBeNull()
  })

  it('finds every known word of two letters or more itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...WORDS), (word) => {
        expect(closestWord(word, WORDS)).toBe(word)
      }),
    )
  })
})
