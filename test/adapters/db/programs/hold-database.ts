// A second process that opens a database as its writer, says so, and stays until it is ended.

import { openDatabase } from '../../../../src/adapters/db/database.ts'
import { isAppError } from '../../../../src/domain/errors/app-error.ts'

try {
  await openDatabase({ url: process.argv[2] ?? '', now: Date.now })
  process.stdout.write('open\n')
  setInterval(() => undefined, 60_000)
} catch (error) {
  process.stdout.write(
    isAppError(error, 'DATABASE_IN_USE')
      ? `in use by ${error.details.pid ?? 'nobody'}\n`
      : `${String(error)}\n`,
  )
}
