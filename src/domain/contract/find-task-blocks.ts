// Finds the fenced blocks `yaml tasks` of a plan, line by line: in linear time, whatever the text is. Knows no YAML.

import type { SourceLine } from '../command/paragraph-lines.ts'

/** What is between two fences. */
export interface TaskBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** Lines between the fences, without the indentation of the opening one. */
  readonly lines: readonly string[]
}

/** The blocks of a plan. */
export interface FoundBlocks {
  readonly blocks: readonly TaskBlock[]
  /** Lines where a block begins inside a quote, behind the mark of a list or indented like code: it is not read. */
  readonly misplaced: readonly number[]
}

interface Fence {
  readonly line: number
  readonly indent: number
  readonly marks: string
  readonly isTasks: boolean
  readonly lines: string[]
}

const TASKS_INFO = /^ya?ml[ \t]+tasks(?:[ \t]|$)/iu
const MISPLACED = /^[ \t>*+\-\d.)]*(?:`{3,}|~{3,})[ \t]*ya?ml[ \t]+tasks(?:[ \t]|$)/iu

/** What hides everything in it from a reader, or shows it as it is: fences inside mean nothing. */
const RAW_HTML: readonly { readonly opens: RegExp; readonly closes: RegExp }[] = [
  { opens: /^ {0,3}<!--/u, closes: /-->/u },
  {
    opens: /^ {0,3}<(?:pre|script|style|textarea)(?:[\s>]|$)/iu,
    closes: /<\/(?:pre|script|style|textarea)>/iu,
  },
]

/** Returns the blocks of a plan in order; one that nobody closed goes on to the end. */
export function findTaskBlocks(lines: readonly SourceLine[]): FoundBlocks {
  const blocks: TaskBlock[] = []
  const misplaced: number[] = []
  let fence: Fence | null = null
  let rawHtmlEnd: RegExp | null = null
  for (const [at, { text }] of lines.entries()) {
    if (fence !== null) {
      if (closes(fence, text)) fence = null
      else fence.lines.push(withoutIndent(text, fence.indent))
      continue
    }
    rawHtmlEnd ??= RAW_HTML.find(({ opens }) => opens.test(text))?.closes ?? null
    if (rawHtmlEnd !== null) {
      if (rawHtmlEnd.test(text)) rawHtmlEnd = null
      continue
    }
    fence = openFence(text, at + 1)
    if (fence?.isTasks === true) blocks.push(fence)
    if (fence === null && MISPLACED.test(text)) misplaced.push(at + 1)
  }
  return { blocks, misplaced }
}

function openFence(text: string, line: number): Fence | null {
  const [, indent = '', marks = '', rest = ''] = /^( {0,3})(`{3,}|~{3,})(.*)$/u.exec(text) ?? []
  if (marks === '' || (marks.startsWith('`') && rest.includes('`'))) return null
  return { line, indent: indent.length, marks, isTasks: TASKS_INFO.test(rest.trim()), lines: [] }
}

function closes(fence: Fence, text: string): boolean {
  const marks = /^ {0,3}(`{3,}|~{3,})[ \t]*$/u.exec(text)?.[1] ?? ''
  return marks.startsWith(fence.marks)
}

function withoutIndent(text: string, indent: number): string {
  let from = 0
  while (from < indent && text.charAt(from) === ' ') from += 1
  return text.slice(from)
}
