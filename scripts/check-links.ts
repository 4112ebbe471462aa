// Checks that the documents point at things that exist: relative links, and paths of the repository in inline code.

import { access, readFile, readdir } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import type { CheckOutcome } from './check-outcome.ts'

/** Folders whose paths, written in inline code, must exist. */
const CHECKED_PATH = /`((?:src|test|scripts|docs|drizzle|\.ci)\/[\w./-]*)`/gu
const RELATIVE_LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)/gu
const PACKAGE_SCRIPT = /`?npm run ([\w:-]+)/gu

interface Mention {
  readonly file: string
  readonly path: string
}

/** Returns every path of the repository that a document mentions, from the repository's root. */
export function mentionedPaths(file: string, text: string): readonly Mention[] {
  const links = [...text.matchAll(RELATIVE_LINK)].map(([, path]) => join(dirname(file), path ?? ''))
  const paths = [...text.matchAll(CHECKED_PATH)].map(([, path]) => path ?? '')
  return [...new Set([...links, ...paths])].map((path) => ({ file, path: normalize(path) }))
}

/** Returns every script of package.json that a document tells people to run. */
export function mentionedScripts(text: string): readonly string[] {
  return [...new Set([...text.matchAll(PACKAGE_SCRIPT)].map(([, name]) => name ?? ''))]
}

async function documentsOf(root: string): Promise<readonly string[]> {
  const top = (await readdir(root)).filter((name) => name.endsWith('.md'))
  const below = await readdir(join(root, 'docs'), { recursive: true })
  return [...top, ...below.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)].toSorted()
}

/** Checks every Markdown file at the top and below `docs`. */
export async function checkLinks(root: string): Promise<CheckOutcome> {
  const documents = await documentsOf(root)
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  const texts = await Promise.all(
    documents.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })),
  )
  const mentions = texts.flatMap(({ file, text }) => mentionedPaths(file, text))
  const missing = await Promise.all(
    mentions.map(async ({ file, path }) =>
      access(join(root, path)).then(
        () => [],
        () => [`${file}: ${path} does not exist`],
      ),
    ),
  )
  const scripts = texts.flatMap(({ file, text }) =>
    mentionedScripts(text)
      .filter((name) => !(name in manifest.scripts))
      .map((name) => `${file}: package.json has no script "${name}"`),
  )
  return {
    saw: `${documents.length} documents, ${mentions.length} paths`,
    faults: [
      ...(mentions.length === 0 ? ['no path found in any document'] : []),
      ...missing.flat(),
      ...scripts,
    ],
  }
}
