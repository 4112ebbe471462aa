// `belay doctor`: looks at everything Belay needs and says what is wrong and what to do. Changes nothing.

import { countStuck } from '../adapters/db/database-health.ts'
import { openDatabase } from '../adapters/db/database.ts'
import { isMigrated } from '../adapters/db/migrate.ts'
import { createGitHub } from '../adapters/github/create-github.ts'
import { createLog } from '../adapters/log/create-log.ts'
import { createEmbeddedRunner } from '../adapters/runner/embedded-runner.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import type { Finding } from '../domain/text/cli.ts'
import { renderFinding, type Examined } from '../domain/text/findings.ts'
import type { AgentCheck } from '../ports/runner.ts'
import { loadEnvironment } from '../edge/load-environment.ts'
import { findAccessFaults } from '../workflows/watch-access.ts'

/** Examines the environment of a folder. */
export async function examine(folder: string): Promise<readonly Finding[]> {
  const config = await attempt(() => Promise.resolve(loadEnvironment(folder).config))
  if ('failure' in config) return [renderFinding({ check: 'configuration', failure: config.failure })]
  const { value } = config
  return [
    renderFinding({ check: 'configuration', folder }),
    ...(await examineDatabase(value)).map(renderFinding),
    renderFinding({ check: 'runner', ...(await examineRunner(value)) }),
    ...(await examineGitHub(value)).map(renderFinding),
  ]
}

type Attempted<T> = { readonly value: T } | { readonly failure: string }

async function attempt<T>(use: () => Promise<T>): Promise<Attempted<T>> {
  try {
    return { value: await use() }
  } catch (error) {
    return { failure: isAppError(error) ? `${error.message} ${error.hint}` : String(error) }
  }
}

async function examineDatabase({
  database: { url, authToken },
}: OperatorConfig): Promise<readonly Examined[]> {
  const looked = await attempt(async () => {
    const database = await openDatabase({
      url,
      ...(authToken === null ? {} : { authToken }),
      access: 'read',
      now: systemClock.now,
    })
    try {
      const migrated = await isMigrated(database)
      return { migrated, stuck: migrated ? await countStuck(database) : null }
    } finally {
      await database.close()
    }
  })
  if ('failure' in looked) return [{ check: 'database', failure: looked.failure }]
  const { migrated, stuck } = looked.value
  return [{ check: 'database', migrated }, ...(stuck === null ? [] : [{ check: 'stuck' as const, ...stuck }])]
}

/** Making a runner checks git and the agents file; asking it checks isolation and the agent's program. */
async function examineRunner(config: OperatorConfig): Promise<Attempted<AgentCheck>> {
  return attempt(async () => {
    const runner = await createEmbeddedRunner({
      home: config.home,
      gitBaseUrl: config.github.webUrl,
      tokens: { tokenFor: () => Promise.reject(new Error('The doctor fetches nothing')) },
      agentsFile: config.agentsFile,
      isolation: config.isolation,
      clock: systemClock,
      log: createLog({ level: 'fatal', isPretty: false }),
    })
    const check = await runner.checkAgent(null)
    await runner.close()
    return check
  })
}

/** What may not be read is asked only of a GitHub that knows the App. */
async function examineGitHub(config: OperatorConfig): Promise<readonly Examined[]> {
  const { apiBaseUrl, graphqlUrl } = config.github
  const github = createGitHub({
    appId: config.appId,
    privateKey: config.privateKey,
    markerKey: config.webhookSecret,
    apiBaseUrl,
    graphqlUrl,
    log: createLog({ level: 'fatal', isPretty: false }),
    throttle: true,
  })
  const reached = await attempt(async () => (await github.identity()).slug)
  if ('failure' in reached) return [{ check: 'github', ...reached }]
  return [
    { check: 'github', ...reached },
    { check: 'access', faults: await findAccessFaults({ health: github }) },
  ]
}
