// What counts as a command, how it is read, and what hostile comments cost.

import { describe, expect, it } from 'vitest'

import { commandIdentity } from '../../../src/domain/command/command-identity.ts'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import type { ParsedCommand } from '../../../src/domain/command/parsed-command.ts'
import { renderCommand } from '../../../src/domain/command/render-command.ts'

/** Processor time, not the clock: other programs may share the machine. */
const MAX_CPU_MICROSECONDS = 8_000_000

function parse(body: string, previousBody: string | null = null): readonly ParsedCommand[] {
  return parseCommands(body, { appSlug: 'belay-app', previousBody })
}

/** Says in one short line each what was found. */
function show(parsed: readonly ParsedCommand[]): readonly string[] {
  return parsed.map((each) =>
    each.kind === 'command'
      ? `${each.line}: ${renderCommand(each)}`
      : `${each.line}: ${each.problem.kind} -> ${each.suggestion ?? 'nothing'}`,
  )
}

describe('parseCommands: where a command counts', () => {
  it.each([
    ['alone', '/belay status', ['1: /belay status']],
    ['in any case', '/BELAY Status', ['1: /belay status']],
    ['with space around it', '   /belay\t status  ', ['1: /belay status']],
    ['after other lines', 'Nice work.\n/belay sync\nThanks', ['2: /belay sync']],
    ['with CR LF', 'Hi\r\n\r\n/belay run\r\n/belay status\r\n', ['3: /belay run', '4: /belay status']],
    ['with a lone CR', 'Hi\r/belay stop', ['2: /belay stop']],
    ['by mention', '@belay-app status', ['1: /belay status']],
    ['by the bot’s full name', '@Belay-App[bot] run', ['1: /belay run']],
    ['several times', '/belay status\n\n/belay status', ['1: /belay status', '3: /belay status']],
    ['bare', '/continue', ['1: /continue']],
    ['bare with an id', '/Abort k7q2mz', ['1: /abort k7q2mz']],
    ['without a verb', '/belay', ['1: /belay help']],
    ['deeply indented in a running paragraph', 'Well,\n        /belay run', ['2: /belay run']],
    ['behind a byte order mark', '\uFEFF/belay run', ['1: /belay run']],
    ['after a comment on the page', '<!-- note -->\n\n/belay run', ['3: /belay run']],
    ['after a closed fold', '<details>\n\nlog\n\n</details>\n\n/belay run', ['7: /belay run']],
    ['before a comment', '/belay status <!-- soon -->', ['1: /belay status']],
    ['next to inline code', 'See `x`\n/belay run\nand `y`', ['2: /belay run']],
    ['beside a long rule', `${'-'.repeat(90)}\n\n/belay run`, ['3: /belay run']],
  ])('reads a command %s', (_name, body, expected) => {
    expect(show(parse(body))).toEqual(expected)
  })

  it.each([
    ['in a quote', '> /belay run'],
    ['in the lazy end of a quote', '> so\n/belay run'],
    ['in an alert', '> [!NOTE]\n> /belay run'],
    ['in a fence', '```\n/belay run\n```'],
    ['in an unclosed fence', '~~~text\n\n/belay run'],
    ['in indented code', '    /belay run'],
    ['in inline code', '`/belay run`'],
    ['in inline code over several lines', 'a `b\n/belay run\nc` d'],
    ['in a list', '- /belay run\n1. /belay run'],
    ['in a paragraph of a list item', '- a\n\n  /belay run'],
    ['in a task', '- [ ] /belay run'],
    ['in a heading', '# /belay run'],
    ['in an underlined heading', '/belay run\n==='],
    ['in a table', '/belay run | b\n--- | ---\n/belay run | c'],
    ['in a link', '[see\n/belay run\n](https://example.org)'],
    ['in a reference link', '[see\n/belay run\n][x]\n\n[x]: https://example.org'],
    ['in the alternative text of an image', '![see\n/belay run\n](x.png)'],
    ['in a link title', '[a](b "\n/belay run\n")'],
    ['in emphasis', '*so\n/belay run\nthen*'],
    ['struck out', '~~so\n/belay run~~'],
    ['in a comment of the page', '<!-- /belay run -->'],
    ['in a comment over several lines', '<!--\n\n/belay run\n\n-->'],
    ['in a comment inside a paragraph', 'a <!--\n/belay run\n--> b'],
    ['in an HTML block', '<div>\n/belay run\n</div>'],
    ['in a quote made of HTML', '<blockquote>\n\n/belay run\n\n</blockquote>'],
    ['in code made of HTML', 'a <code>b\n/belay run\n</code>'],
    ['in a fold', '<details><summary>old</summary>\n\n/belay run\n\n</details>'],
    ['in an HTML attribute', 'a <b title="\n/belay run\n">'],
    ['in a footnote', 'a[^1]\n\n[^1]: /belay run'],
    ['in a definition', '[x]: /belay\n/belayed'],
    ['in the middle of a line', 'please /belay run'],
    ['escaped', '\\/belay run'],
    ['written with a character reference', '&#47;belay run'],
    ['of somebody else', '/belayed run\n@belay-app-two run\n@belay run\n/cancel\n/retest'],
    ['of an address', '@belay-app, run\n/belay: run'],
  ])('reads nothing %s', (_name, body) => {
    expect(parse(body)).toEqual([])
  })
})

describe('parseCommands: arguments', () => {
  it.each([
    ['/belay run', { verb: 'run', agent: null, prompt: null }],
    ['/belay run claude-code', { verb: 'run', agent: 'claude-code', prompt: null }],
    ['/belay run -- Fix  `it` ', { verb: 'run', agent: null, prompt: 'Fix  `it`' }],
    ['/belay run codex — do -- this', { verb: 'run', agent: 'codex', prompt: 'do -- this' }],
    ['/belay run -- one\ntwo\n  three', { verb: 'run', agent: null, prompt: 'one\ntwo\n  three' }],
    [
      '/belay run --\nUse Array<string>\nplease',
      { verb: 'run', agent: null, prompt: 'Use Array<string>\nplease' },
    ],
    ['/belay run -- a <!-- hidden --> b', { verb: 'run', agent: null, prompt: 'a   b' }],
    ['/belay run -- a\n\nb', { verb: 'run', agent: null, prompt: 'a' }],
    ['/belay continue', { verb: 'continue', decision: null }],
    ['/belay continue K7Q2MZ', { verb: 'continue', decision: 'k7q2mz' }],
    ['/belay answer Rescue k7q2mz', { verb: 'answer', option: 'rescue', decision: 'k7q2mz' }],
    ['/belay rescue 1712345-ab', { verb: 'rescue', backup: '1712345-ab', dirty: false }],
    ['/belay rescue --dirty', { verb: 'rescue', backup: null, dirty: true }],
    ['/belay rescue 1712345-ab --Dirty', { verb: 'rescue', backup: '1712345-ab', dirty: true }],
    ['/belay rescue —dirty 1712345-ab', { verb: 'rescue', backup: '1712345-ab', dirty: true }],
    [
      '/belay rescue refs/belay/backup/a-1/2-c/head'.slice(0, 60),
      { backup: 'refs/belay/backup/a-1/2-c/head' },
    ],
    ['/belay stop', { verb: 'stop' }],
  ])('reads %j', (body, expected) => {
    expect(parse(body)).toMatchObject([{ kind: 'command', line: 1, bare: false, ...expected }])
  })

  it('ends a prompt where the next command begins', () => {
    expect(parse('/belay run -- one\ntwo\n/belay status')).toMatchObject([
      { verb: 'run', prompt: 'one\ntwo', source: '/belay run -- one' },
      { verb: 'status', line: 3 },
    ])
  })

  it('keeps a command that a prompt only shows on the line before it', () => {
    expect(parse('/belay run -- explain `x\n/belay stop\n` to me')).toMatchObject([
      { verb: 'run', prompt: 'explain `x /belay stop\n` to me' },
    ])
  })
})

describe('parseCommands: problems', () => {
  it.each([
    ['/belay is great', { kind: 'unknown_verb', word: 'is', didYouMean: null }, null],
    ['/belay cotninue k7q2mz', { kind: 'unknown_verb', didYouMean: 'continue' }, '/belay continue k7q2mz'],
    ['/belay rnu fix it', { kind: 'unknown_verb', didYouMean: 'run' }, '/belay run -- fix it'],
    ['/belay constructor', { kind: 'unknown_verb', word: 'constructor', didYouMean: null }, null],
    ['/belay Restore', { kind: 'not_available_yet', verb: 'restore' }, null],
    ['/belay answer', { kind: 'missing_argument', verb: 'answer', argument: 'option' }, null],
    ['/belay run codex --', { kind: 'missing_argument', argument: 'prompt' }, '/belay run codex'],
    ['/belay run fix the bug', { kind: 'unexpected_argument', word: 'the' }, '/belay run -- fix the bug'],
    ['/belay run --fast', { kind: 'bad_argument', argument: 'agent' }, '/belay run -- --fast'],
    ['/belay status now', { kind: 'unexpected_argument', verb: 'status', word: 'now' }, '/belay status'],
    ['/belay abort the-run', { kind: 'bad_decision_id', word: 'the-run' }, '/belay abort'],
    ['/belay abort k7q2mz now', { kind: 'unexpected_argument', word: 'now' }, '/belay abort k7q2mz'],
    ['/belay answer rescue nope', { kind: 'bad_decision_id', word: 'nope' }, '/belay answer rescue'],
    ['/belay answer !', { kind: 'bad_argument', argument: 'option', word: '!' }, null],
    ['/belay rescue --all', { kind: 'bad_argument', argument: 'backup', word: '--all' }, '/belay rescue'],
    ['/belay sync --dirty', { kind: 'unexpected_argument', word: '--dirty' }, '/belay sync'],
    ['/belay rescue a..b', { kind: 'bad_argument', argument: 'backup' }, '/belay rescue'],
  ])('answers %j with the reason and a line to copy', (body, problem, suggestion) => {
    expect(parse(body)).toMatchObject([
      { kind: 'problem', line: 1, source: body, bare: false, problem, suggestion },
    ])
  })

  it('marks the bare words, which other bots use too', () => {
    expect(parse('/abort the mission')).toMatchObject([{ kind: 'problem', bare: true }])
  })
})

describe('parseCommands: edits', () => {
  it.each([
    ['a line that was there', '/belay run', '/belay run', []],
    ['a line that moved', 'Hi\n\n/belay run', '/belay run', []],
    ['a line that changed its indent', '  /belay run', '/belay run', []],
    ['a line that only lost its fence', '/belay run', '```\n/belay run\n```', []],
    ['a new line', '/belay run\n/belay status', '/belay run', ['2: /belay status']],
    ['a line typed once more', '/belay run\n\n/belay run', '/belay run', ['3: /belay run']],
    ['a line beside its example', '    /belay run\n\n/belay run', '    /belay run', ['3: /belay run']],
    ['a changed argument', '/belay run codex', '/belay run', ['1: /belay run codex']],
    ['a changed later line of a prompt', '/belay run -- a\nc', '/belay run -- a\nb', []],
    ['a corrected problem', '/belay run', '/belay rnu', ['1: /belay run']],
    ['a problem that stays', '/belay rnu', '/belay rnu', []],
    ['an empty text before', '/belay run', '', ['1: /belay run']],
  ])('judges %s', (_name, body, previous, expected) => {
    expect(show(parse(body, previous))).toEqual(expected)
  })
})

describe('parseCommands: hostile texts', () => {
  const full = 65_400
  it.each([
    ['quotes', '> '],
    ['ordered lists', '1. '],
    ['quotes and lists', '> - '],
    ['nested blocks', `${'> '.repeat(20)}a\n\n`],
    ['underlines', 'a\n-\n'],
    ['brackets', '['],
    ['links', '[a]('],
    ['emphasis', 'a*'],
    ['backticks', '`a'],
    ['unclosed comments', '<!-- '],
    ['unclosed tags', '<a b="'],
    ['comments', '<!---->'],
    ['commands', '/belay run -- a\n'],
  ])('is done with 64 KiB of %s in seconds', (_name, unit) => {
    const hostile = unit.repeat(Math.floor(full / unit.length))
    const before = process.cpuUsage()
    expect(() => parse(`/belay run\n\n${hostile}`)).not.toThrow()
    expect(() => parse(`${hostile}\n\n/belay run`)).not.toThrow()
    expect(process.cpuUsage(before).user).toBeLessThan(MAX_CPU_MICROSECONDS)
  })

  it('reads a long honest comment, and nothing beyond 64 KiB', () => {
    const line = 'A [link](https://example.org), `code` and **words** to fill a line with.\n'
    const honest = line.repeat(Math.floor(60_000 / line.length))
    expect(show(parse(`${honest}\n/belay status`))).toHaveLength(1)
    expect(parse(`/belay status\n\n${'a'.repeat(65_536)}`)).toEqual([])
  })
})

describe('commandIdentity', () => {
  function identities(body: string, commentNodeId = 'IC_1'): readonly string[] {
    return parse(body).flatMap((command) =>
      command.kind === 'command' ? [commandIdentity({ commentNodeId, command })] : [],
    )
  }

  it('is the comment, the line, the verb and the arguments', () => {
    expect(identities('Hi\n/belay run codex -- x')).toEqual(['["IC_1",2,"run","codex","--","x"]'])
  })

  it('does not depend on how the command was addressed', () => {
    expect(identities('/continue')).toEqual(identities('@belay-app  CONTINUE'))
  })

  it('differs when any of the four does', () => {
    const all = [
      identities('/belay run a'),
      identities('\n/belay run a'),
      identities('/belay run -- a'),
      identities('/belay run'),
      identities('/belay status'),
      identities('/belay status', 'IC_2'),
    ].flat()
    expect(new Set(all).size).toBe(6)
  })
})
