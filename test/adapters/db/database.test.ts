// Opening and writing real files: pragmas, one writer per file, foreign locks, and failures that name no data.

import { spawnSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'

import { isWritable } from '../../../src/adapters/db/database-health.ts'
import { openDatabase } from '../../../src/adapters/db/database.ts'
import { databaseFile } from '../../../src/adapters/db/database-url.ts'
import { isAppError } from '../../../src/domain/errors/app-error.ts'
import { openTempDatabase, tempFolder } from '../../support/temp-db.ts'
import { startProgram } from './programs/start-program.ts'

describe('openDatabase', () => {
  it('makes the folder, keeps the file to its owner, and switches on what a commit needs to last', async () => {
    const file = join(tempFolder(), 'deep', 'er', 'belay.db')
    const { database } = await openTempDatabase({ file })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const pragma = async (name: string) =>
      (await database.exclusive((client) => client.execute(`PRAGMA ${name}`))).rows[0]?.[name]
    expect([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')]).toEqual(
      ['wal', 2, 1],
    )
  })

  it('refuses a file that is no database, and a folder that can not be made', async () => {
    const folder = tempFolder()
    const file = join(folder, 'notes.txt')
    writeFileSync(
      file,
      'these are notes, and there are enough of them to fill a header of a hundred bytes or more. '.repeat(
        20,
      ),
    )
    await expect(openDatabase({ url: `file:${file}`, now: Date.now })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
    await expect(openDatabase({ url: `file:${file}/below/belay.db`, now: Date.now })).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
    })
  })

  it('lets one process write, names it to the second, and lets the next in as soon as the first was killed', async () => {
    const url = `file:${join(tempFolder(), 'belay.db')}`
    const first = startProgram('hold-database', url)
    expect(await first.nextLine()).toBe('open')
    const error = await openDatabase({ url, now: Date.now }).catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'DATABASE_IN_USE') && error.details.pid).toBe(first.child.pid)
    first.child.kill('SIGKILL')
    await first.ended
    const database = await openDatabase({ url, now: Date.now })
    const third = startProgram('hold-database', url)
    expect(await third.nextLine()).toBe(`in use by ${process.pid}`)
    await database.close()
  })

  it('refuses a second writer in the same process, under another name of the same file as well', async () => {
    const folder = tempFolder()
    const { database, file } = await openTempDatabase({ file: join(folder, 'belay.db') })
    spawnSync('ln', ['-s', file, join(folder, 'link.db')])
    for (const url of [`file:${file}`, `file:${join(folder, 'link.db')}`]) {
      await expect(openDatabase({ url, now: Date.now })).rejects.toMatchObject({ code: 'DATABASE_IN_USE' })
    }
    await expect(database.write(['DELETE FROM guards'])).resolves.toHaveLength(1)
  })

  it('keeps the lock while refused processes come and go', async () => {
    const { url } = await openTempDatabase()
    for (let round = 0; round < 3; round += 1) {
      await expect(openDatabase({ url, now: Date.now })).rejects.toMatchObject({ code: 'DATABASE_IN_USE' })
    }
    const other = startProgram('hold-database', url)
    expect(await other.nextLine()).toBe(`in use by ${process.pid}`)
  })

  it('opens for reading beside the writer, and refuses to write then', async () => {
    const { database, url } = await openTempDatabase()
    const viewer = await openDatabase({ url, now: Date.now, access: 'read' })
    await database.write([`INSERT INTO lanes (key, fence, lease_until) VALUES ('a', 0, 0)`])
    expect(await viewer.reads.all(sql`SELECT key FROM lanes`)).toEqual([{ key: 'a' }])
    await expect(viewer.write(['DELETE FROM lanes'])).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
    await viewer.close()
  })

  it('lets exactly one of many that open at the same moment in', async () => {
    const url = `file:${join(tempFolder(), 'belay.db')}`
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => openDatabase({ url, now: Date.now })),
    )
    const opened = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    expect(opened).toHaveLength(1)
    await opened[0]?.close()
  })
})

describe('write', () => {
  it('shows why: a plain client that met a lock fails for ever after', async () => {
    const { url } = await openTempDatabase()
    const naive = createClient({ url, concurrency: 1, timeout: 10 })
    const holder = startProgram('hold-write-lock', url)
    expect(await holder.nextLine()).toBe('locked')
    const write = () =>
      naive.batch([`INSERT INTO lanes (key, fence, lease_until) VALUES ('n', 0, 0)`], 'write')
    await expect(write()).rejects.toThrow('database is locked')
    holder.child.stdin?.write('go\n')
    expect(await holder.nextLine()).toBe('released')
    await holder.ended
    await expect(write()).rejects.toThrow('SQL statements in progress')
    naive.close()
  })

  it('goes through by itself when another process lets the lock go, in order, and works on as before', async () => {
    const { database, url } = await openTempDatabase()
    const holder = startProgram('hold-write-lock', url)
    expect(await holder.nextLine()).toBe('locked')
    const insertLane = (key: string) =>
      database.write([`INSERT INTO lanes (key, fence, lease_until) VALUES ('${key}', 0, 0)`])
    const writes = Promise.all(['c', 'a', 'b'].map((key) => insertLane(key)))
    // The driver is synchronous: by the next turn of the loop the first try has met the lock and failed.
    await new Promise((resolve) => setImmediate(resolve))
    holder.child.stdin?.write('go\n')
    await writes
    await insertLane('d')
    expect(await database.reads.all(sql`SELECT key FROM lanes ORDER BY rowid`)).toEqual(
      ['c', 'a', 'b', 'd'].map((key) => ({ key })),
    )
    const synchronous = await database.exclusive((client) => client.execute('PRAGMA synchronous'))
    expect(synchronous.rows[0]?.['synchronous']).toBe(2)
  })

  it('gives up after its patience with DATABASE_UNAVAILABLE, and recovers when the lock is gone', async () => {
    const { database, url } = await openTempDatabase({ patienceMs: 1 })
    const holder = startProgram('hold-write-lock', url)
    expect(await holder.nextLine()).toBe('locked')
    const write = () =>
      database.write([
        { sql: `INSERT INTO lanes (key, fence, lease_until) VALUES (?, 0, 0)`, args: ['secret-value'] },
      ])
    const error = await write().catch((thrown: unknown) => thrown)
    expect(isAppError(error, 'DATABASE_UNAVAILABLE') && error.details.reason).toContain('locked')
    expect(String(error) + JSON.stringify(error)).not.toContain('secret-value')
    expect(await isWritable(database)).toBe(false)
    holder.child.stdin?.write('go\n')
    await holder.ended
    expect(await isWritable(database)).toBe(true)
    await write()
  })

  it('reports a full disk as DATABASE_UNAVAILABLE, keeps what was there, and works when there is room again', async () => {
    const { database } = await openTempDatabase()
    const limit = (pages: number) =>
      database.exclusive((client) => client.execute(`PRAGMA max_page_count = ${pages}`))
    const big = 'x'.repeat(2_000_000)
    const write = () =>
      database.write([
        { sql: `INSERT INTO lanes (key, fence, owner, lease_until) VALUES ('big', 0, ?, 0)`, args: [big] },
      ])
    await limit(1)
    await expect(write()).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      details: { reason: 'the disk is full' },
    })
    expect(await database.reads.all(sql`SELECT key FROM lanes`)).toEqual([])
    // The failed connection was replaced, and the limit with it.
    await write()
    expect(await database.reads.all(sql`SELECT key FROM lanes`)).toEqual([{ key: 'big' }])
  })
})

describe('databaseFile', () => {
  it.each([
    ['file:/data/belay.db', '/data/belay.db'],
    ['file:///data/my%20belay.db', '/data/my belay.db'],
    ['libsql://db.example.org', null],
    ['http://127.0.0.1:8080', null],
  ])('reads %s as %s', (url, file) => {
    expect(databaseFile(url)).toBe(file)
  })
})
