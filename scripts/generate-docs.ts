// Writes the documents that are made from tables in the code: `npm run docs`. With --check it writes nothing and fails
// when a file is not what the tables say.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import type { CheckOutcome } from './check-outcome.ts'
import { DOCUMENTS, type GeneratedDocument } from './docs/documents.ts'
import { ROOT } from './repository-files.ts'

/** What became of one document; `failed` when its table could not be loaded or shown. */
type Made =
  | { readonly kind: 'made'; readonly file: string; readonly text: string }
  | { readonly kind: 'failed'; readonly file: string; readonly reason: string }

async function make(document: GeneratedDocument): Promise<Made> {
  const { file, source } = document
  try {
    const config = await resolveConfig(join(ROOT, file))
    return { kind: 'made', file, text: await format(await document.make(), { ...config, filepath: file }) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', file, reason: `${file}: could not be made from ${source}: ${reason}` }
  }
}

/** Writes every document below `root`; a fault for each one that could not be made. */
export async function writeDocs(
  root: string,
  documents: readonly GeneratedDocument[],
): Promise<CheckOutcome> {
  const made = await Promise.all(documents.map(make))
  for (const document of made) {
    if (document.kind === 'failed') continue
    const path = join(root, document.file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, document.text)
  }
  return outcome(
    made.flatMap((document) => (document.kind === 'failed' ? [document.reason] : [])),
    documents,
  )
}

/** Compares every document below `root` with what the tables say. */
export async function checkDocs(
  root: string,
  documents: readonly GeneratedDocument[],
): Promise<CheckOutcome> {
  const made = await Promise.all(documents.map(make))
  const faults = await Promise.all(
    made.map(async (document) => {
      if (document.kind === 'failed') return [document.reason]
      const written = await readFile(join(root, document.file), 'utf8').catch(() => null)
      if (written === null) return [`${document.file}: is missing; run npm run docs`]
      return written === document.text
        ? []
        : [`${document.file}: is not what the tables say; run npm run docs`]
    }),
  )
  return outcome(faults.flat(), documents)
}

function outcome(faults: readonly string[], documents: readonly GeneratedDocument[]): CheckOutcome {
  return { saw: `${documents.length} generated files`, faults }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  const { saw, faults } = await (values.check ? checkDocs : writeDocs)(ROOT, DOCUMENTS)
  for (const fault of faults) console.error(fault)
  console.log(`${saw}, ${faults.length} faults`)
  process.exitCode = faults.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
