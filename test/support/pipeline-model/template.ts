// An empty migrated database to copy for every case, with triggers of the model's own that note each change of a status in
// the order it was written. The program never sees what they note.

import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { migrate } from '../../../src/adapters/db/migrate.ts'
import { stopSyncing } from '../stop-syncing.ts'

const NOTES = [
  `CREATE TABLE model_moves (no INTEGER PRIMARY KEY AUTOINCREMENT, machine TEXT, id TEXT, was TEXT, now TEXT, epoch_was INTEGER, epoch_now INTEGER)`,
  `CREATE TRIGGER model_pipelines AFTER UPDATE OF status ON pipelines BEGIN
    INSERT INTO model_moves (machine, id, was, now) VALUES ('pipeline', new.id, old.status, new.status); END`,
  `CREATE TRIGGER model_epochs AFTER UPDATE OF run_epoch ON pipelines BEGIN
    INSERT INTO model_moves (machine, id, epoch_was, epoch_now) VALUES ('epoch', new.id, old.run_epoch, new.run_epoch); END`,
  `CREATE TRIGGER model_phases AFTER UPDATE OF status ON phase_runs BEGIN
    INSERT INTO model_moves (machine, id, was, now) VALUES ('phase', new.id, old.status, new.status); END`,
  `CREATE TRIGGER model_attempts AFTER UPDATE OF status ON attempts BEGIN
    INSERT INTO model_moves (machine, id, was, now) VALUES ('attempt', new.id, old.status, new.status); END`,
  `CREATE TRIGGER model_asked AFTER INSERT ON decisions BEGIN
    INSERT INTO model_moves (machine, id, was, now) VALUES ('decision', new.id, NULL, new.status); END`,
  `CREATE TRIGGER model_decided AFTER UPDATE OF status ON decisions BEGIN
    INSERT INTO model_moves (machine, id, was, now) VALUES ('decision', new.id, old.status, new.status); END`,
]

/** Databases to play in; all of them go with the template. */
export class Template {
  readonly #folder: string
  #count = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async make(): Promise<Template> {
    const template = new Template(await mkdtemp(join(tmpdir(), 'belay-model-')))
    const database = await openDatabase({ url: `file:${template.#file('template')}`, now: Date.now })
    await migrate(database)
    await database.exclusive(async (client) => {
      for (const statement of NOTES) await client.execute(statement)
      await client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    })
    await database.close()
    return template
  }

  /** Opens a new copy. */
  async open(now: () => number): Promise<Database> {
    this.#count += 1
    const file = this.#file(`case-${this.#count}`)
    await copyFile(this.#file('template'), file)
    const database = await openDatabase({ url: `file:${file}`, now })
    await stopSyncing(database)
    return {
      ...database,
      close: async () => {
        await database.close()
        for (const end of ['', '-wal', '-shm', '.lock']) await rm(`${file}${end}`, { force: true })
      },
    }
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true })
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.db`)
  }
}
