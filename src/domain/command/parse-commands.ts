// Reads the commands of a comment. The comment is Markdown, so it is parsed as Markdown first: only lines of ordinary
// top-level paragraphs can hold a command. Knows no sender and no state; never throws.
//
// A prompt starts after `--` and goes on over the following lines of the same paragraph, up to the next command line.

import { readAddress } from './command-address.ts'
import { isWithinMarkdownBudget } from './markdown-budget.ts'
import { listParagraphLines, splitLines } from './paragraph-lines.ts'
import type { ParagraphLine, SourceLine } from './paragraph-lines.ts'
import type { ParsedCommand } from './parsed-command.ts'
import { readCommand } from './read-command.ts'
import { trimBlankEnd } from './trim-blank-end.ts'

/** Holds what reading a comment needs beside its text. */
export interface CommandContext {
  /** The App's slug: `@<slug>` addresses us like `/belay`. */
  readonly appSlug: string
  /** The text before an edit. Lines that stood in it, anywhere, do not count again. */
  readonly previousBody?: string | null
}

/**
 * Returns the commands of a comment, in order, with the lines that were meant as commands and are none.
 *
 * A text that would cost the Markdown parser more than a moment (over 64 KiB, nested dozens deep, thousands of
 * brackets) holds no command.
 */
export function parseCommands(body: string, context: CommandContext): readonly ParsedCommand[] {
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body
  const lines = splitLines(text)
  const isForUs = lines.some((line) => readAddress(line.text, context.appSlug) !== null)
  if (!isForUs || !isWithinMarkdownBudget(text, lines)) return []
  const found = listParagraphs(text, lines).flatMap((paragraph) =>
    readParagraphCommands(paragraph, context.appSlug),
  )
  const previousBody = context.previousBody ?? null
  return previousBody === null
    ? found
    : onlyNewLines({ found, lines, previousLines: splitLines(previousBody) })
}

/** A parser that fails, by a bug of its own or for lack of stack, has found no command. */
function listParagraphs(text: string, lines: readonly SourceLine[]): readonly (readonly ParagraphLine[])[] {
  try {
    return listParagraphLines(text, lines)
  } catch {
    return []
  }
}

function readParagraphCommands(
  paragraph: readonly ParagraphLine[],
  appSlug: string,
): readonly ParsedCommand[] {
  const found: ParsedCommand[] = []
  for (const [index, line] of paragraph.entries()) {
    const addressed = commandAt(line, appSlug)
    if (addressed === null) continue
    const origin = { line: line.line, source: line.source.trim(), bare: addressed.kind === 'bare' }
    const reading = readCommand(addressed, continuationOf(paragraph.slice(index + 1), appSlug))
    found.push(
      reading.kind === 'command'
        ? { kind: 'command', ...origin, ...reading.command }
        : { ...reading, ...origin },
    )
  }
  return found
}

function commandAt(line: ParagraphLine, appSlug: string): ReturnType<typeof readAddress> {
  if (!line.startsPlain || readAddress(line.source, appSlug) === null) return null
  return readAddress(line.text, appSlug)
}

/**
 * Returns the text up to the next command line.
 *
 * Invariant: no line of it looks like a command, not even one that stands in code; such a line is joined to the one
 * before it, so that a prompt quoted elsewhere never commands anything.
 */
function continuationOf(following: readonly ParagraphLine[], appSlug: string): string {
  let text = ''
  for (const line of following) {
    if (commandAt(line, appSlug) !== null) break
    const isJoined = line.isJoined || readAddress(line.text, appSlug) !== null
    const piece = isJoined ? line.text.trim() : trimBlankEnd(line.text)
    if (!isJoined) text += `\n${piece}`
    else if (piece !== '') text += ` ${piece}`
  }
  return text
}

/**
 * Returns the commands on lines that the previous text did not have.
 *
 * Lines are compared as a multiset of trimmed lines: a line typed once more is new, a line that moved is not, nor is
 * one that only lost the fence around it.
 */
function onlyNewLines(edit: {
  readonly found: readonly ParsedCommand[]
  readonly lines: readonly SourceLine[]
  readonly previousLines: readonly SourceLine[]
}): readonly ParsedCommand[] {
  const commandLines = new Set(edit.found.map((parsed) => parsed.line))
  const old = new Map<string, number>()
  for (const line of edit.previousLines) addTo(old, line.text.trim(), 1)
  for (const [index, line] of edit.lines.entries()) {
    if (!commandLines.has(index + 1)) addTo(old, line.text.trim(), -1)
  }
  return edit.found.filter((parsed) => {
    addTo(old, parsed.source, -1)
    return (old.get(parsed.source) ?? 0) < 0
  })
}

function addTo(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}
