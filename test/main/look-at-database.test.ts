// Looking at a database that may be wrong in every way: what is said, and that nothing is made or locked by it.

import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInbox } from '../../src/adapters/db/inbox-store.ts'
import { openDatabase } from '../../src/adapters/db/database.ts'
import { migrate } from '../../src/adapters/db/migrate.ts'
import { lookAtDatabase } from '../../src/main/look-at-database.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'belay-look-at-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (name: string): string => `file:${join(folder, name)}`

function look(url: string): Promise<number> {
  return lookAtDatabase({ url, authToken: null }, async (database) => {
    const deliveries = await createInbox(database).list({ statuses: null, limit: 1 })
    return deliveries.length
  })
}

describe('lookAtDatabase', () => {
  it('says that there is no file, and makes none', async () => {
    await expect(look(at('none/belay.db'))).rejects.toMatchObject({
      code: 'DATABASE_UNREADABLE',
      details: { database: join(folder, 'none', 'belay.db'), reason: 'there is no such file' },
    })
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it.each([
    ['text', 'No database. '.repeat(500), 'the file is damaged or not a database'],
    ['empty', '', 'it does not have the tables of this version, which `belay migrate` makes'],
  ])('says what is wrong with a file of %s, and leaves it', async (name, text, reason) => {
    await writeFile(join(folder, name), text)
    const details = { database: join(folder, name), reason }
    await expect(look(at(name))).rejects.toMatchObject({ code: 'DATABASE_UNREADABLE', details })
    expect((await readdir(folder)).filter((file) => file.startsWith(name))).toEqual([name])
  })

  it('says that a server does not answer, without the password', async () => {
    const failure = await look('http://me:hunter2@127.0.0.1:9/').catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'DATABASE_UNREADABLE' })
    expect(String(failure)).toContain('http://127.0.0.1:9/')
    expect(String(failure)).not.toContain('hunter2')
  })

  it('looks beside the process that writes', async () => {
    const writer = await openDatabase({ url: at('belay.db'), now: Date.now })
    try {
      await migrate(writer)
      expect(await look(at('belay.db'))).toBe(0)
      await expect(
        lookAtDatabase({ url: at('belay.db'), authToken: null }, (database) =>
          database.write(['DELETE FROM inbox']),
        ),
      ).rejects.toMatchObject({ code: 'DATABASE_UNREADABLE' })
    } finally {
      await writer.close()
    }
  })
})
