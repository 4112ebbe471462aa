// The command table, held against the parser.

import { describe, expect, it } from 'vitest'

import { commandSpec, isVerb, LATER_VERBS, verbOfOption, VERBS } from '../../../src/domain/command/grammar.ts'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import { renderCommand } from '../../../src/domain/command/render-command.ts'
import { roleAtLeast } from '../../../src/domain/permission.ts'

describe('COMMANDS', () => {
  it('lists the verbs of this version in the order of the help', () => {
    expect(VERBS).toEqual([
      'run',
      'continue',
      'abort',
      'answer',
      'rescue',
      'status',
      'sync',
      'populate',
      'retry',
      'stop',
      'help',
    ])
  })

  it.each(VERBS)('has an example for %s that is read back as that verb', (verb) => {
    const { example } = commandSpec(verb)
    const parsed = parseCommands(example, { appSlug: 'belay' })
    expect(parsed).toMatchObject([{ kind: 'command', verb }])
    expect(parsed.map((each) => each.kind === 'command' && renderCommand(each))).toEqual([example])
  })

  it.each(VERBS)('asks for write at least when %s changes anything', (verb) => {
    const { changes, needs } = commandSpec(verb)
    expect(roleAtLeast(needs, 'write')).toBe(changes)
  })

  it.each(VERBS)('ends the help line of %s with a full stop and puts optional arguments last', (verb) => {
    const { summary, args } = commandSpec(verb)
    expect(summary).toMatch(/^[A-Z].*\.$/)
    const required = args.map((argument) => argument.required)
    expect(required).toEqual(required.toSorted((one, other) => Number(other) - Number(one)))
  })

  it('shares no word with the verbs of later versions', () => {
    expect(LATER_VERBS.filter(isVerb)).toEqual([])
  })
})

describe('verbOfOption', () => {
  it.each([
    ['continue', 'continue'],
    ['abort', 'abort'],
    ['rescue', 'rescue'],
    ['three_more_rounds', null],
    ['constructor', null],
  ])('finds the short form of %s', (option, verb) => {
    expect(verbOfOption(option)).toBe(verb)
  })
})
