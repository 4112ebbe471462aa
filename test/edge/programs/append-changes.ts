// A process that writes rows into the change log of a file that another process writes, too.

import { createClient } from '@libsql/client'

const [file = '', count = '0'] = process.argv.slice(2)
const client = createClient({ url: `file:${file}`, concurrency: 1, timeout: 5_000 })
for (let no = 0; no < Number(count); no += 1) {
  await client.execute({
    sql: `INSERT INTO change_log (project_id, type, payload, created_at) VALUES ('harbour', 'written.elsewhere', ?, 0)`,
    args: [JSON.stringify({ v: 1, no })],
  })
}
client.close()
