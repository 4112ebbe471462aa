// Reads a text as GitHub's Markdown. Knows nothing of what is done with it.

import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { isWithinMarkdownBudget } from '../command/markdown-budget.ts'
import { splitLines } from '../command/paragraph-lines.ts'

/** Returns the tree of a text; null when it would cost the parser more than a moment, or is too much for it. */
export function parseMarkdown(text: string): Root | null {
  if (!isWithinMarkdownBudget(text, splitLines(text))) return null
  try {
    return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  } catch {
    return null
  }
}
