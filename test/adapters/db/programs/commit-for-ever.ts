// A process that works as the program does: it claims a lane, then commits without pause and says each commit it was
// told is done. It is killed in the middle.

import { openDatabase } from '../../../../src/adapters/db/database.ts'
import { createLanes } from '../../../../src/adapters/db/lane-store.ts'
import { migrate } from '../../../../src/adapters/db/migrate.ts'
import { createStore } from '../../../../src/adapters/db/store.ts'
import { insert, update } from '../../../../src/domain/changes.ts'
import { project, pullRequest } from '../rows.ts'

const [url = '', bootId = ''] = process.argv.slice(2)
const database = await openDatabase({ url, now: Date.now })
await migrate(database)
const store = createStore(database)
const lanes = createLanes(database)
const owner = { runnerId: 'runner-a', bootId }
await lanes.releaseEarlierIncarnations(owner)
await store.commit([insert('projects', project()), insert('pullRequests', pullRequest())], null)
await store.commit(
  [
    {
      kind: 'enqueue',
      lane: 'harbour#5',
      idem: 'work',
      job: { kind: 'refresh_status', sessionId: 's' },
      runAt: 0,
    },
  ],
  null,
)
const lane = await lanes.claim({ owner, now: Date.now(), leaseMs: 30_000 })
process.stdout.write(`claimed ${lane?.key ?? 'nothing'} ${lane?.fence ?? 0}\n`)
const start = (await store.find('projects', { id: 'harbour' }))?.nextSessionNo ?? 0
for (let no = start + 1; ; no += 1) {
  const outcome = await store.commit(
    [
      update('projects', { where: { id: 'harbour' }, set: { nextSessionNo: no } }),
      {
        kind: 'log',
        type: 'sync.completed',
        projectId: 'harbour',
        prNumber: 5,
        sessionId: null,
        payload: { no },
        once: `no-${no}`,
      },
      update('pullRequests', { where: { projectId: 'harbour', number: 5 }, set: { title: `no ${no}` } }),
    ],
    lane,
  )
  if (outcome.kind !== 'committed') throw new Error('a commit was refused')
  process.stdout.write(`${no}\n`)
}
