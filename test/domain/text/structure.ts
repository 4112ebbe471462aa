// Reads Markdown the way GitHub does and tells what a reader would see happen: shape, mentions, references, commands.

import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import type { Nodes } from 'mdast'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'

/** Returns the tree's shape without any text; addresses of links and raw HTML stay. */
export function shapeOf(markdown: string): unknown {
  return shape(parse(markdown))
}

/** Returns what would notify, refer, command or carry HTML if GitHub or a bot read the comment. */
export function dangersOf(markdown: string): readonly string[] {
  const tree = parse(markdown)
  return [
    ...(proseOf(tree).match(/(?<!\w)@[a-z\d][\w-]*|#\d+|\bgh-\d+|https?:\/\/|\bwww\./giu) ?? []),
    ...parseCommands(markdown, { appSlug: 'belay' }).map((command) => command.source),
    ...linesOutsideCode(tree, markdown).filter((line) => /^\s*[/!]\w/u.test(line)),
    ...htmlOf(tree).filter((html) => !OUR_HTML.test(html)),
  ]
}

const OUR_HTML = /^<\/?(?:details|sub)>(?:<summary>[\w ()]+<\/summary>)?$/u

function parse(markdown: string): Nodes {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
}

function shape(node: Nodes): unknown {
  const url = 'url' in node ? node.url : undefined
  const html = node.type === 'html' ? node.value : undefined
  const children = 'children' in node ? node.children.map((child) => shape(child)) : []
  return {
    type: node.type,
    ...(url === undefined ? {} : { url }),
    ...(html === undefined ? {} : { html }),
    ...(children.length === 0 ? {} : { children }),
  }
}

function proseOf(node: Nodes): string {
  if (node.type === 'text') return node.value
  return 'children' in node ? node.children.map((child) => proseOf(child)).join(' ') : ''
}

function htmlOf(node: Nodes): readonly string[] {
  if (node.type === 'html') return [node.value]
  return 'children' in node ? node.children.flatMap((child) => htmlOf(child)) : []
}

function linesOutsideCode(tree: Nodes, markdown: string): readonly string[] {
  const lines = markdown.split('\n')
  const blocks = 'children' in tree ? tree.children.filter((child) => child.type !== 'code') : []
  return blocks.flatMap((block) =>
    block.position === undefined ? [] : lines.slice(block.position.start.line - 1, block.position.end.line),
  )
}
