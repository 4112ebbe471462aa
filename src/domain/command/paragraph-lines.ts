// Finds the lines of a comment that are ordinary text: lines of top-level paragraphs, outside code, links, emphasis
// and raw HTML. Everything else (quotes, lists, tables, headings, fences) is not there. Knows no command.

import type { Nodes, Paragraph, Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { visit } from 'unist-util-visit'

import { followHtml, isInvisibleHtml } from './hidden-html.ts'
import type { OpenElements } from './hidden-html.ts'

/** Is one line of a text, with the offset of its first character. */
export interface SourceLine {
  readonly text: string
  readonly start: number
}

/** Is one line of a top-level paragraph. */
export interface ParagraphLine {
  /** Line of the text, from 1. */
  readonly line: number
  /** The line as typed. */
  readonly source: string
  /** The line without HTML comments. */
  readonly text: string
  /** Whether the line starts as ordinary text, not inside code, a link, emphasis or HTML. */
  readonly startsPlain: boolean
  /** Whether the line should run on from the one before: what is left after a cut could mean something else alone. */
  readonly isJoined: boolean
}

type CutsByLine = ReadonlyMap<number, readonly { readonly from: number; readonly to: number }[]>

/** Splits a text into lines where Markdown does: at LF, CR LF and a lone CR. */
export function splitLines(text: string): readonly SourceLine[] {
  const lines: SourceLine[] = []
  let start = 0
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ text: text.slice(start, match.index), start })
    start = match.index + match[0].length
  }
  lines.push({ text: text.slice(start), start })
  return lines
}

/** Returns the lines of each top-level paragraph, in order. Throws only when the Markdown parser does. */
export function listParagraphLines(
  text: string,
  lines: readonly SourceLine[],
): readonly (readonly ParagraphLine[])[] {
  const root: Root = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  const open: OpenElements = new Map()
  const paragraphs: (readonly ParagraphLine[])[] = []
  for (const node of root.children) {
    if (node.type === 'paragraph') paragraphs.push(readParagraph({ node, lines, open }))
    else followAllHtml(open, node)
  }
  return paragraphs
}

function followAllHtml(open: OpenElements, node: Nodes): void {
  visit(node, 'html', (html) => {
    followHtml(open, html.value)
  })
}

function readParagraph(at: {
  readonly node: Paragraph
  readonly lines: readonly SourceLine[]
  readonly open: OpenElements
}): readonly ParagraphLine[] {
  const { first, last } = linesOf(at.node)
  const aside = linesAside(at.node, at.open)
  const cuts = invisiblePieces(at.node)
  const result: ParagraphLine[] = []
  for (let line = first; line <= last; line += 1) {
    const source = at.lines[line - 1]?.text ?? ''
    const pieces = cuts.get(line) ?? []
    result.push({
      line,
      source,
      text: cutOut(source, pieces),
      startsPlain: !aside.has(line),
      isJoined: line > first && pieces.length > 0,
    })
  }
  return result
}

/** Returns the lines whose start belongs to something else than the paragraph's own plain text. */
function linesAside(node: Paragraph, open: OpenElements): ReadonlySet<number> {
  const aside = new Set<number>()
  const paragraph = linesOf(node)
  if (open.size > 0) aside.add(paragraph.first)
  let line = paragraph.first
  for (const child of node.children) {
    const { first, last } = linesOf(child)
    if (open.size > 0) addLines(aside, { after: line, last: first })
    if (child.type !== 'text' && child.type !== 'break') addLines(aside, { after: first, last })
    followAllHtml(open, child)
    line = Math.max(line, open.size > 0 ? first : last)
  }
  if (open.size > 0) addLines(aside, { after: line, last: paragraph.last })
  return aside
}

function addLines(lines: Set<number>, range: { readonly after: number; readonly last: number }): void {
  for (let line = range.after + 1; line <= range.last; line += 1) lines.add(line)
}

/** Returns, for each line, what of it is an HTML comment: columns from 0, the end not included. */
function invisiblePieces(node: Paragraph): CutsByLine {
  const pieces = new Map<number, { readonly from: number; readonly to: number }[]>()
  visit(node, 'html', (html) => {
    if (html.position === undefined || !isInvisibleHtml(html.value)) return
    const { start, end } = html.position
    for (let line = start.line; line <= end.line; line += 1) {
      const from = line === start.line ? start.column - 1 : 0
      const to = line === end.line ? end.column - 1 : Infinity
      const ofLine = pieces.get(line)
      if (ofLine === undefined) pieces.set(line, [{ from, to }])
      else ofLine.push({ from, to })
    }
  })
  return pieces
}

function cutOut(text: string, pieces: readonly { readonly from: number; readonly to: number }[]): string {
  let kept = ''
  let from = 0
  for (const piece of pieces) {
    kept += `${text.slice(from, piece.from)} `
    from = piece.to
  }
  return kept + text.slice(from)
}

/** Nodes without a position come from the rewriting of literal links: one-line pieces in which nothing hides. */
function linesOf(node: Nodes): { readonly first: number; readonly last: number } {
  return { first: node.position?.start.line ?? 0, last: node.position?.end.line ?? 0 }
}
