// Finds what a reader of the page does not see in a comment: HTML comments and the like, and definitions that nothing
// refers to. The comment is Markdown, so it is parsed as Markdown: what stands in code is shown, whatever it looks like.

import type { Nodes, Root } from 'mdast'
import { visit } from 'unist-util-visit'
import { parseMarkdown } from './parse-markdown.ts'

/** Offsets of a part of a text, the end not included. */
export interface TextPart {
  readonly from: number
  readonly to: number
}

const HIDDEN_HTML =
  /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)|<!(?:\[CDATA\[[\s\S]*?(?:\]\]>|$)|[a-z][^>]*(?:>|$))/giu
const HIDDEN_DEFINITION = /^ {0,3}\[[^\]\n]{0,200}\]:[ \t]*(?:<#?>|#)[^\n]*$/gmu
/** Without one of these there is nothing to hide in, and nothing is parsed. */
const MAY_HIDE = /<[!?]|\]:/u
/** A longer text is not parsed: ten comments of the greatest length would keep everybody waiting. */
const MOST_PARSED = 20_000

/** Returns the hidden parts in order, none inside another; of a text that is not parsed, too much counts as hidden. */
export function hiddenParts(text: string): readonly TextPart[] {
  if (!MAY_HIDE.test(text)) return []
  const root = text.length > MOST_PARSED ? null : parseMarkdown(text)
  const found =
    root === null
      ? [...partsOf(text, HIDDEN_HTML), ...partsOf(text, HIDDEN_DEFINITION)]
      : [...hiddenHtml(text, root), ...unusedDefinitions(root)]
  return inOrder(found)
}

/** It begins where Markdown sees HTML, and ends where HTML ends it: often paragraphs later. */
function hiddenHtml(text: string, root: Root): readonly TextPart[] {
  const found: TextPart[] = []
  visit(root, 'html', (node) => {
    const { from, to } = placeOf(node)
    HIDDEN_HTML.lastIndex = Math.max(from, found.at(-1)?.to ?? 0)
    for (
      let match = HIDDEN_HTML.exec(text);
      match !== null && match.index < to;
      match = HIDDEN_HTML.exec(text)
    )
      found.push({ from: match.index, to: match.index + match[0].length })
    HIDDEN_HTML.lastIndex = 0
  })
  return found
}

/** A definition that something refers to is the address of a link or a note on the page; a title is never shown. */
function unusedDefinitions(root: Root): readonly TextPart[] {
  const used = new Set<string>()
  visit(root, ['linkReference', 'imageReference', 'footnoteReference'], (node) => {
    if ('identifier' in node) used.add(`${node.type === 'footnoteReference'} ${node.identifier}`)
  })
  const found: TextPart[] = []
  visit(root, 'definition', (node) => {
    const { identifier, title = null } = node
    if (title !== null || !used.has(`false ${identifier}`)) found.push(placeOf(node))
  })
  visit(root, 'footnoteDefinition', (node) => {
    if (!used.has(`true ${node.identifier}`)) found.push(placeOf(node))
  })
  return found
}

function partsOf(text: string, pattern: RegExp): readonly TextPart[] {
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }))
}

function placeOf({ position }: Nodes): TextPart {
  return { from: position?.start.offset ?? 0, to: position?.end.offset ?? 0 }
}

function inOrder(parts: readonly TextPart[]): readonly TextPart[] {
  const kept: TextPart[] = []
  for (const part of parts.toSorted((one, other) => one.from - other.from))
    if (part.from >= (kept.at(-1)?.to ?? 0) && part.to > part.from) kept.push(part)
  return kept
}
