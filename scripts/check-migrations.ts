// Checks that the migrations in `drizzle` are what the schema asks for. drizzle-kit works on a copy, and ends with exit
// code 0 even when it could not read its own snapshots, so only its words and the files count.

import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { CheckOutcome } from './check-outcome.ts'
import { installed } from './repository-files.ts'
import { runProgram } from './run-program.ts'

const FOLDER = 'drizzle'
const NOTHING_TO_DO = 'No schema changes, nothing to migrate'

/** Runs `drizzle-kit generate` of a root's configuration into another folder and returns what it said. */
async function generateInto(root: string, folder: string): Promise<string> {
  const config = join(folder, '..', 'drizzle.config.ts')
  // drizzle-kit puts "./" before the path it is given: only a relative one leads anywhere.
  const out = relative(root, folder)
  const base = join(root, 'drizzle.config.ts')
  await writeFile(
    config,
    `import base from ${JSON.stringify(base)}\nexport default { ...base, out: ${JSON.stringify(out)} }\n`,
  )
  const args = ['generate', '--config', relative(root, config)]
  const { stdout, stderr } = await runProgram(installed('drizzle-kit'), args, { cwd: root })
  return `${stdout}${stderr}`
}

async function sqlFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.sql')).toSorted()
}

async function tablesIn(folder: string): Promise<number> {
  const files = await sqlFiles(folder)
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return texts.join('\n').match(/^CREATE TABLE /gmu)?.length ?? 0
}

/** Checks a root's migrations against its schema. */
export async function checkMigrations(root: string): Promise<CheckOutcome> {
  const cache = join(root, 'node_modules', '.cache')
  await mkdir(cache, { recursive: true })
  const room = await mkdtemp(join(cache, 'migrations-'))
  try {
    const copy = join(room, 'copy', FOLDER)
    const empty = join(room, 'empty', FOLDER)
    await mkdir(empty, { recursive: true })
    await cp(join(root, FOLDER), copy, { recursive: true })
    const said = await generateInto(root, copy)
    await generateInto(root, empty)
    const [before, after, tables] = await Promise.all([
      sqlFiles(join(root, FOLDER)),
      sqlFiles(copy),
      tablesIn(empty),
    ])
    const added = after.filter((file) => !before.includes(file))
    return {
      saw: `${before.length} migrations, ${tables} tables`,
      faults: [
        ...(tables === 0 ? ['drizzle-kit found no table in the schema'] : []),
        ...(before.length === 0 ? [`no migration in ${FOLDER}`] : []),
        ...added.map(
          (file) => `the schema has changed since the last migration (${file}): npm run db:generate`,
        ),
        ...(added.length === 0 && !said.includes(NOTHING_TO_DO)
          ? [`drizzle-kit did not finish: ${said}`]
          : []),
      ],
    }
  } finally {
    await rm(room, { recursive: true, force: true })
  }
}
