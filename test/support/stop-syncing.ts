// Databases of tests do not wait for the disk: no test here cuts the power, and what a killed process wrote is kept by the
// operating system. Programs that are started as processes of their own are not touched.

import type { Database } from '../../src/adapters/db/database.ts'

/** Lets the writing connection of an open database go on before the disk has written. */
export async function stopSyncing(database: Database): Promise<void> {
  await database.exclusive((client) => client.execute('PRAGMA synchronous = OFF'))
}
