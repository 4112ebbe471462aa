// Does what is due in the lanes with the real store and a real runner, and ends. Tells of every durable step: before a
// git process, before and after a transaction. GitHub is out of its reach: what it would read there is given.

import { openDatabase, type Database } from '../../../src/adapters/db/database.ts'
import { createLanes } from '../../../src/adapters/db/lane-store.ts'
import { createStore } from '../../../src/adapters/db/store.ts'
import { createLaneWorker } from '../../../src/adapters/queue/lane-worker.ts'
import { createEmbeddedRunner } from '../../../src/adapters/runner/embedded-runner.ts'
import { systemClock, systemIds } from '../../../src/adapters/system/surroundings.ts'
import type { Job } from '../../../src/domain/changes.ts'
import type { ObservedPullRequest } from '../../../src/domain/events.ts'
import type { GitHub } from '../../../src/ports/github.ts'
import type { Log, LogFields } from '../../../src/ports/surroundings.ts'
import type { Deps } from '../../../src/workflows/deps.ts'
import { handleJob } from '../../../src/workflows/handle-job.ts'
import { embeddedOptions } from '../embedded-runner.ts'

/** What there is to do, and where. */
export interface LanesOrder {
  readonly home: string
  readonly url: string
  readonly gitBaseUrl: string
  readonly lane: string
  /** Stored once, however often it is begun. */
  readonly idem: string
  readonly job: Job
  /** What GitHub says of the lane's pull request. */
  readonly pullRequest: ObservedPullRequest
}

/** Hears of every durable step; throwing or dying there is the fault. */
export type Pass = (step: string) => void

const RUNNER_ID = 'runner-1'

/** Starts as the program does, drains the lanes, and closes; returns the errors it logged. */
export async function drainLanes(order: LanesOrder, pass: Pass): Promise<readonly string[]> {
  const errors: string[] = []
  let isCounting = false
  const count = (step: string): void => {
    if (isCounting) pass(step)
  }
  const real = await openDatabase({ url: order.url, now: systemClock.now })
  const database = counted(real, count)
  const deps = await makeDeps(order, { database, count, errors })
  const owner = { runnerId: RUNNER_ID, bootId: deps.settings.bootId }
  const lanes = createLanes(database)
  await lanes.releaseEarlierIncarnations(owner)
  const { lane, idem, job } = order
  await deps.store.commit([{ kind: 'enqueue', lane, idem, job, runAt: systemClock.now() }], null)
  isCounting = true
  const handle = handleJob.bind(null, deps)
  const worker = createLaneWorker({ lanes, owner, handle, clock: systemClock, log: deps.log })
  while ((await worker.pump()) > 0);
  isCounting = false
  await worker.close()
  await deps.runner.close()
  await real.close()
  return errors
}

function counted(real: Database, count: Pass): Database {
  return {
    ...real,
    async write(statements) {
      count('before a transaction')
      const results = await real.write(statements)
      count('after a transaction')
      return results
    },
  }
}

interface Surroundings {
  readonly database: Database
  readonly count: Pass
  readonly errors: string[]
}

async function makeDeps(order: LanesOrder, { database, count, errors }: Surroundings): Promise<Deps> {
  const complain = (fields: LogFields, message: string): void => {
    const { error, kind = 'a lane' } = fields
    const isFault = message === 'A job failed' || message === 'A lane could not be drained'
    // What the mirror is read from is out of reach here, and no sync waits for it.
    if (isFault && kind !== 'reconcile')
      errors.push(
        `${message}: ${String(kind)}: ${error instanceof Error ? error.message : JSON.stringify(fields)}`,
      )
  }
  const log: Log = { info: () => undefined, warn: complain, error: complain }
  const runner = await createEmbeddedRunner({
    ...embeddedOptions({
      home: order.home,
      gitBaseUrl: order.gitBaseUrl,
      agentsFile: null,
      isolation: { kind: 'none' },
      host: process.env,
      operatorHome: order.home,
      onGitProcess: (command) => count(`git ${command}`),
    }),
    log,
  })
  return {
    store: createStore(database),
    github: givenGitHub(order),
    ...absentReaders(),
    runner,
    clock: systemClock,
    ids: systemIds,
    log,
    settings: {
      runnerId: RUNNER_ID,
      bootId: systemIds.random(10),
      attemptLeaseMs: 30_000,
      restartDelayMs: 3_600_000,
      webUrl: 'https://github.example',
    },
  }
}

function absentReaders(): Pick<Deps, 'observer' | 'deliveries' | 'health'> {
  const away = (): Promise<never> => Promise.reject(new Error('GitHub is out of reach'))
  return {
    observer: { observe: away, glance: away, readCheckReport: away },
    deliveries: { listSince: away, redeliver: away },
    health: { listInstallations: away },
  }
}

function givenGitHub({ pullRequest }: LanesOrder): GitHub {
  const away = (): Promise<never> => Promise.reject(new Error('GitHub is out of reach'))
  return {
    identity: () => Promise.resolve({ appId: 1, slug: 'belay', botLogin: 'belay[bot]', botUserId: 1 }),
    readRole: away,
    readPullRequest: () => Promise.resolve(pullRequest),
    readRepository: away,
    readComment: away,
    readFile: away,
    send: away,
  }
}
