// Why a plan gave no tasks, in words that blame nothing that did not happen, and its faults as a list.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ContractDetails } from '../../../src/domain/decision/details.ts'
import { PLAN_LIMITS } from '../../../src/domain/contract/limits.ts'
import {
  emptyContractLine,
  emptyContractWords,
  planFaultLines,
} from '../../../src/domain/text/plan-faults.ts'
import { foreignText, HOSTILE } from './hostile.ts'
import { dangersOf, shapeOf } from './structure.ts'

const REASONS: readonly ContractDetails['reason'][] = ['draft_missing', 'parse_failed', 'empty_result']

describe('emptyContractWords', () => {
  it('says what was found, once for a page and once for a line', () => {
    expect(REASONS.map((reason) => emptyContractWords(reason, '.belay/plan.md'))).toMatchInlineSnapshot(`
      [
        "There is no plan: no ordinary file of at most 1 MiB is at \`.belay/plan.md\`.",
        "The plan \`.belay/plan.md\` was found, and its tasks can not be read.",
        "The plan \`.belay/plan.md\` was found and reads well, and it holds no task: neither a block \`yaml tasks\` with one, nor a task list.",
      ]
    `)
    expect(REASONS.map((reason) => emptyContractLine(reason, '.belay/plan.md'))).toMatchInlineSnapshot(`
      [
        "There is no plan: no ordinary file of at most 1 MiB is at .belay/plan.md.",
        "The plan .belay/plan.md was found, and its tasks can not be read.",
        "The plan .belay/plan.md was found and reads well, and it holds no task: neither a block "yaml tasks" with one, nor a task list.",
      ]
    `)
  })

  // The seed's question said "the populate-from-plan step silently failed earlier" of steps that had never run.
  it('blames no earlier step that did not happen', () => {
    for (const reason of REASONS) {
      for (const text of [emptyContractWords(reason, 'plan.md'), emptyContractLine(reason, 'plan.md')])
        expect(text).not.toMatch(
          /earlier|previous|before|silent|fail|step|populate|deleted|removed|lost|agent|because/iu,
        )
    }
  })

  it('lets no path out of its code', () => {
    fc.assert(
      fc.property(foreignText(), (path) => {
        const said = (of: string): string => REASONS.map((each) => emptyContractWords(each, of)).join('\n\n')
        expect(dangersOf(said(path))).toEqual([])
        expect(shapeOf(said(path))).toEqual(shapeOf(said('x')))
        expect(emptyContractLine('draft_missing', path)).not.toContain('\n')
      }),
      { numRuns: 35, examples: HOSTILE.map((text): [string] => [text]) },
    )
  })
})

describe('planFaultLines', () => {
  it('names the lines, and counts what is beyond twenty', () => {
    const faults = Array.from({ length: 23 }, (_, no) => ({ line: no + 1, message: `"<b>" ${no}.` }))
    const text = planFaultLines('.belay/plan.md', faults)
    expect(text.split('\n').slice(0, 3)).toEqual([
      'What is wrong in `.belay/plan.md`:',
      '',
      '- Line 1: "&lt;b&gt;" 0.',
    ])
    expect(text.split('\n').at(-1)).toBe('- And 3 more.')
  })

  it('lets no plan out of its line', () => {
    const lines = (message: string, path: string): string => planFaultLines(path, [{ line: 1, message }])
    fc.assert(
      fc.property(foreignText(), (text) => {
        expect(dangersOf(lines(text, text))).toEqual([])
        expect(shapeOf(lines(text, text))).toEqual(shapeOf(lines('x', 'x')))
      }),
      { numRuns: 35, examples: HOSTILE.map((text): [string] => [text]) },
    )
    const many = Array.from({ length: PLAN_LIMITS.faults }, () => ({ line: 1, message: '&'.repeat(5000) }))
    expect(planFaultLines('p', many).length).toBeLessThan(65_000)
  })
})
