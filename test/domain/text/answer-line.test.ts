import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import { DECISIONS } from '../../../src/domain/decision/decision.ts'
import { answerLine, answerLines } from '../../../src/domain/text/answer-line.ts'
import { decision } from './samples.ts'

describe('answerLine', () => {
  it('uses the short form where there is one', () => {
    expect(answerLines(decision())).toEqual(['/continue k3m9qx', '/abort k3m9qx', '/belay rescue k3m9qx'])
    expect(answerLine('wait', 'k3m9qx')).toBe('/belay answer wait k3m9qx')
  })

  it('is a command without a problem for every option of every question', () => {
    const lines = Object.values(DECISIONS).flatMap((spec) =>
      spec.options.map((option) => answerLine(option.id, 'k3m9qx')),
    )
    expect(lines.length).toBeGreaterThan(3)
    for (const line of lines) {
      expect(parseCommands(line, { appSlug: 'belay' }).map((parsed) => parsed.kind)).toEqual(['command'])
    }
  })
})
