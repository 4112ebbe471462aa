import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkMigrations } from '../../scripts/check-migrations.ts'
import { ROOT } from '../../scripts/repository-files.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'belay-migrations-'))
  for (const part of ['drizzle', 'drizzle.config.ts', 'package.json', 'src']) {
    await cp(join(ROOT, part), join(root, part), { recursive: true })
  }
  await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

describe('checkMigrations', () => {
  it('finds nothing to do when migrations and schema agree', async () => {
    expect((await checkMigrations(root)).faults).toEqual([])
  })

  it('reports a table that no migration makes', async () => {
    const extra =
      "import { sqliteTable, text } from 'drizzle-orm/sqlite-core'\nexport const planted = sqliteTable('planted', { id: text('id').primaryKey() })\n"
    await writeFile(join(root, 'src', 'adapters', 'db', 'schema', 'planted.ts'), extra)
    const { faults } = await checkMigrations(root)
    expect(faults).toEqual([expect.stringContaining('the schema has changed since the last migration')])
  })

  it('reports a snapshot that drizzle-kit can not read', async () => {
    const meta = join(root, 'drizzle', 'meta')
    const snapshots = (await readdir(meta)).filter((name) => name.endsWith('_snapshot.json')).toSorted()
    await writeFile(join(meta, snapshots.at(-1) ?? ''), '{')
    const { faults } = await checkMigrations(root)
    expect(faults).toEqual([expect.stringContaining('drizzle-kit did not finish')])
  })

  it('leaves the migrations as they were', async () => {
    const journal = join(root, 'drizzle', 'meta', '_journal.json')
    const before = await readFile(journal, 'utf8')
    await checkMigrations(root)
    expect(await readFile(journal, 'utf8')).toBe(before)
    expect(await readdir(join(root, 'drizzle'))).toEqual(await readdir(join(ROOT, 'drizzle')))
  })
})
