// Makes what an agent wrote fit to be posted with our rights: it stays Markdown, but it mentions nobody, commands no other
// bot, hides nothing, and leaves nothing open that would swallow what stands after it.

import type { Nodes, Root } from 'mdast'
import { visit } from 'unist-util-visit'
import { fence, visible } from './markdown.ts'
import { parseMarkdown } from './parse-markdown.ts'

/** Returns the text as it may be posted; one that costs the parser too much comes back as one block of code. */
export function postable(text: string): string {
  const shown = visible(text).trim()
  const root = parseMarkdown(shown)
  if (root === null) return withoutCommands(fence(shown, 'text'))
  let made = ''
  let from = 0
  for (const code of codeOf(root)) {
    made += inert(shown.slice(from, code.from)) + shown.slice(code.from, code.to)
    from = code.to
  }
  return withoutCommands(made + inert(shown.slice(from)) + missingEnd(shown, root))
}

function codeOf(root: Root): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = []
  visit(root, ['code', 'inlineCode'], (node: Nodes) => {
    const { start, end } = node.position ?? {}
    if (start?.offset !== undefined && end?.offset !== undefined)
      found.push({ from: start.offset, to: end.offset })
  })
  return found
}

/** Text outside of code. A mark without width parts what GitHub would take for a mention; addresses stay whole. */
function inert(text: string): string {
  return text
    .replace(/<(?=[!?])/gu, '&lt;')
    .replace(/(https?:\/\/\S+)|(?<!\w)@(?=[a-z\d])/giu, (_match, address?: string) => address ?? '@&#8203;')
}

/** Other bots take commands from the start of a line, in code as well. */
function withoutCommands(text: string): string {
  return text.replace(/^(\s*)\//gmu, '$1\\/')
}

/** A block of code that nobody closed goes on to the end of the comment. */
function missingEnd(text: string, root: Root): string {
  const last = root.children.at(-1)
  if (last?.type !== 'code') return ''
  const [first = '', ...lines] = text.slice(last.position?.start.offset).split('\n')
  const opened = /^ {0,3}(`{3,}|~{3,})/u.exec(first)?.[1]
  if (opened === undefined) return ''
  const end = /^ {0,3}(`{3,}|~{3,})\s*$/u.exec(lines.at(-1) ?? '')?.[1] ?? ''
  return end.startsWith(opened) ? '' : `\n${opened}`
}
