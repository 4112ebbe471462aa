// A foreign process, such as a backup, that holds the write lock of a database file until it is told to let go.

import { createClient } from '@libsql/client'

const client = createClient({ url: process.argv[2] ?? '', concurrency: 1, timeout: 2_000 })
const transaction = await client.transaction('write')
process.stdout.write('locked\n')
process.stdin.once('data', () => {
  void transaction.rollback().then(() => {
    client.close()
    process.stdout.write('released\n')
    process.exit(0)
  })
})
