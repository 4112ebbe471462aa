// The laws of the parser, tried on Markdown made of the pieces that matter.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import type { ParsedCommand } from '../../../src/domain/command/parsed-command.ts'
import { renderCommand } from '../../../src/domain/command/render-command.ts'

function parse(body: string, previousBody: string | null = null): readonly ParsedCommand[] {
  return parseCommands(body, { appSlug: 'belay-app', previousBody })
}

const WORDS =
  '/belay·@belay-app·/continue·/abort·run·continue·answer·rescue·--dirty·status·rnu·k7q2mz·codex·--·—·fix it·a'
const SPACES = ' · · ·\n·\n·\n\n·\r\n·\t·    ·\u00a0·\0'
const BLOCKS = '#·===·---·|·> ·- ·1. ·```\n·[x]: y\n·<details>\n·</details>\n'
const INLINE = '\\·`·~~·*·_·[·]·](·)·[^1]·<·>·&amp;·<!--·-->·<b>·</b>·<code>·</code>·<?·?>·"'
const fragment = fc.constantFrom(...[WORDS, SPACES, BLOCKS, INLINE].join('·').split('·'))
const markdown = fc.oneof(
  fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join('')),
  fc.array(fragment, { maxLength: 20 }).map((parts) => `/belay run -- ${parts.join('')}`),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `/belay ${text}`),
)

describe('parseCommands: laws', () => {
  it('reads back every command it renders as the same command', () => {
    let commands = 0
    fc.assert(
      fc.property(markdown, (body) => {
        for (const parsed of parse(body)) {
          if (parsed.kind !== 'command') continue
          commands += 1
          const { source: _source, line: _line, ...rest } = parsed
          expect(parse(renderCommand(parsed))).toMatchObject([{ ...rest, line: 1 }])
        }
      }),
      { numRuns: 5_000 },
    )
    expect(commands).toBeGreaterThan(1_000)
  })

  it('suggests only lines that are commands without a problem', () => {
    let suggestions = 0
    fc.assert(
      fc.property(markdown, (body) => {
        for (const parsed of parse(body)) {
          if (parsed.kind !== 'problem' || parsed.suggestion === null) continue
          suggestions += 1
          expect(parse(parsed.suggestion)).toMatchObject([{ kind: 'command' }])
        }
      }),
      { numRuns: 5_000 },
    )
    expect(suggestions).toBeGreaterThan(100)
  })

  it('finds nothing in an edit that changed nothing, and everything when nothing was there', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        expect(parse(body, body)).toEqual([])
        expect(parse(body, '')).toEqual(parse(body))
      }),
    )
  })

  it('finds in an edit only what it finds without one', () => {
    fc.assert(
      fc.property(markdown, markdown, (body, previous) => {
        const all = parse(body)
        for (const parsed of parse(body, previous)) expect(all).toContainEqual(parsed)
      }),
    )
  })

  it('reads nothing inside quotes, fences, inline code, links, lists and comments of the page', () => {
    const plain = fc.constantFrom(
      '/belay run',
      '/belay status',
      '@belay-app stop',
      '/continue',
      '/belay nonsense',
    )
    const wrap = fc.constantFrom<(line: string) => string>(
      (line) => `> ${line}`,
      (line) => `\`\`\`\n${line}\n\`\`\``,
      (line) => `    ${line}`,
      (line) => `a \`b\n${line}\nc\``,
      (line) => `[a\n${line}\nb](https://example.org)`,
      (line) => `a <!--\n${line}\n-->`,
      (line) => `<!--\n\n${line}\n-->`,
      (line) => `- a\n\n  ${line}`,
      (line) => `<blockquote>\n\n${line}\n\n</blockquote>`,
    )
    const wrapped = fc.tuple(wrap, plain).map(([around, line]) => around(line))
    fc.assert(
      fc.property(fc.array(wrapped, { minLength: 1, maxLength: 5 }), (blocks) => {
        const text = blocks.map((block) => `Text.\n\n${block}\n\nText.`).join('\n\n')
        expect(parse(text)).toEqual([])
        expect(parse(`${text}\n\n/belay sync`)).toMatchObject([{ verb: 'sync' }])
      }),
    )
  })

  it('reports lines in order, each as it stands in the body', () => {
    fc.assert(
      fc.property(markdown, (body) => {
        const lines = body.split(/\r\n|\r|\n/)
        const found = parse(body)
        expect(found.map((each) => lines[each.line - 1]?.trim())).toEqual(found.map((each) => each.source))
        expect(found.map((each) => each.line)).toEqual(
          found.map((each) => each.line).toSorted((a, b) => a - b),
        )
      }),
    )
  })
})
