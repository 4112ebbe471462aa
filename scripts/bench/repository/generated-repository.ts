// The generated repository on disk, made once and kept in the temporary folder under a name that holds its shape.

import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git } from '../../../test/support/temp-repo.ts'
import { fastImport } from './fast-import.ts'
import { historyStream, type HistoryShape } from './history.ts'

/** To be raised when the same shape gives other commits. */
const EDITION = 1

/** Returns the folder of the bare repository; makes it when it is not there. */
export async function generatedRepository(
  shape: HistoryShape,
  options: { readonly progress: (line: string) => void; readonly folder?: string },
): Promise<string> {
  const { files, commits, seed } = shape
  const folder = options.folder ?? tmpdir()
  const path = join(folder, `belay-bench-v${EDITION}-${files}-files-${commits}-commits-seed-${seed}.git`)
  const isThere = await stat(path).then(
    () => true,
    () => false,
  )
  if (isThere) return path
  const start = performance.now()
  options.progress(`Generating a repository of ${files} files and ${commits} commits in ${path}`)
  await mkdir(folder, { recursive: true })
  // Made beside its place and moved there when it is whole: a run that was stopped leaves no half repository.
  const building = await mkdtemp(join(folder, 'belay-bench-building-'))
  try {
    await git(building, 'init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.')
    await fastImport(building, historyStream(shape))
    await git(building, 'commit-graph', 'write', '--reachable')
    await moveUnlessThere(building, path)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  options.progress(`Generated in ${((performance.now() - start) / 1000).toFixed(0)} s`)
  return path
}

/** Two runs at once make the same repository; the first one's stays. */
async function moveUnlessThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch((error: unknown) => {
    const isThere =
      error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code))
    if (!isThere) throw error
  })
}
