// Markdown as lines of a terminal, close to what GitHub shows: tables aligned, details folded, comments hidden.
import type { List, Nodes, PhrasingContent, Root, RootContent, Table } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { PLAIN } from './paint.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

interface Look {
  readonly paint: Paint
  readonly width: number
}

/** Returns the Markdown as lines no longer than the width, except code and tables. */
export function renderMarkdown(markdown: string, look: Look): readonly string[] {
  const tree: Root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  return joinBlocks(blocksOf(tree.children, look))
}

type Block = readonly string[]

/** Folds everything between `<details>` and `</details>`, which are blocks of their own in the syntax tree. */
function blocksOf(nodes: readonly RootContent[], look: Look): readonly Block[] {
  const blocks: Block[] = []
  let folded: { readonly summary: string; count: number } | null = null
  for (const node of nodes) {
    const html = node.type === 'html' ? node.value : ''
    if (folded === null && html.includes('<details')) folded = { summary: summaryOf(html), count: 0 }
    if (folded === null) {
      const block = blockOf(node, look)
      if (block.length > 0) blocks.push(block)
      continue
    }
    folded.count += linesOf(node)
    if (!html.includes('</details>')) continue
    blocks.push([look.paint.dim(`▸ ${folded.summary} (${folded.count} lines, folded)`)])
    folded = null
  }
  if (folded !== null) blocks.push([look.paint.dim(`▸ ${folded.summary}`)])
  return blocks
}

function summaryOf(html: string): string {
  return (
    /<summary>([^]*?)<\/summary>/
      .exec(html)?.[1]
      ?.replaceAll(/<[^>]*>/g, '')
      .trim() ?? 'Details'
  )
}

function linesOf(node: Nodes): number {
  const { position } = node
  return position === undefined ? 1 : position.end.line - position.start.line + 1
}

function blockOf(node: RootContent, look: Look): Block {
  const { paint, width } = look
  switch (node.type) {
    case 'heading':
      return [paint.bold(inline(node.children, look))]
    case 'paragraph':
      return wrap(inline(node.children, look), width)
    case 'code':
      return codeBlock(node, paint)
    case 'blockquote':
      return joinBlocks(blocksOf(node.children, { paint, width: width - 2 })).map(
        (line) => `${paint.dim('│')} ${line}`,
      )
    case 'list':
      return node.children.flatMap((item, index) => {
        const bullet = bulletOf(node, index)
        const pad = ' '.repeat(bullet.length)
        const blocks = blocksOf(item.children, { paint, width: width - bullet.length })
        const lines = item.spread === true ? joinBlocks(blocks) : blocks.flat()
        return lines.map((line, at) => `${at === 0 ? bullet : pad}${line}`.trimEnd())
      })
    case 'table':
      return tableLines(node, look)
    case 'thematicBreak':
      return [paint.dim('─'.repeat(width))]
    case 'html':
      return node.value.replaceAll(/<!--[^]*?-->/g, '').trim() === '' ? [] : [node.value]
    default:
      return []
  }
}

/** A task shows its box instead of a bullet, as on GitHub. */
function bulletOf({ ordered, start, children }: List, index: number): string {
  const isTicked = children[index]?.checked
  if (isTicked === true) return '[x] '
  if (isTicked === false) return '[ ] '
  return ordered === true ? `${(start ?? 1) + index}. ` : '• '
}

function codeBlock(
  node: { readonly lang?: string | null | undefined; readonly value: string },
  paint: Paint,
): Block {
  const lines = node.value.split('\n')
  if (node.lang === 'mermaid') {
    const kind = lines.find((line) => /^\w+$/.test(line)) ?? 'diagram'
    return [paint.dim(`▸ a picture that GitHub draws (Mermaid ${kind}, ${lines.length} lines)`)]
  }
  return lines.map((line) => `    ${line}`)
}

function tableLines(table: Table, look: Look): Block {
  const rows = table.children.map((row) =>
    row.children.map((cell) => inline(cell.children, { ...look, paint: PLAIN })),
  )
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    widths
      .map((wide, at) => (row[at] ?? '').padEnd(wide))
      .join('  ')
      .trimEnd(),
  )
  const rule = look.paint.dim(widths.map((wide) => '─'.repeat(wide)).join('  '))
  const [head = '', ...body] = lines
  return head === '' ? body : [look.paint.bold(head), rule, ...body]
}

function inline(nodes: readonly PhrasingContent[], look: Look): string {
  return nodes.map((node) => phrase(node, look)).join('')
}

function phrase(node: PhrasingContent, look: Look): string {
  const { paint } = look
  switch (node.type) {
    case 'text':
      return node.value.replaceAll('\n', ' ')
    case 'inlineCode':
      return byWord(paint.yellow, node.value)
    case 'strong':
      return byWord(paint.bold, inline(node.children, look))
    case 'emphasis':
      return inline(node.children, look)
    case 'delete':
      return byWord(paint.dim, inline(node.children, look))
    case 'link':
      return byWord(paint.blue, inline(node.children, look))
    case 'break':
      return '\n'
    default:
      return ''
  }
}

/** Paints each word for itself, so that a line may break between any two. */
function byWord(colour: (text: string) => string, text: string): string {
  return text.split(' ').map(colour).join(' ')
}

function joinBlocks(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block]))
}
