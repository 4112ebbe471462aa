// The repository's configuration, from its default branch only. A broken file never takes the last good one away.

import { update, type Change } from '../domain/changes.ts'
import { DEFAULT_CONFIG, parseRepositoryConfig } from '../domain/config/parse-repository-config.ts'
import type { ConfigFault, RepositoryConfig } from '../domain/config/repository-config.ts'
import type { Project } from '../domain/records.ts'
import type { Deps } from './deps.ts'
import { repositoryOf } from './queries.ts'

/** Where a repository keeps its configuration. */
const CONFIG_PATH = '.github/belay.yml'

export interface LoadedConfig {
  readonly config: RepositoryConfig
  /** What is wrong with the file as it is now; empty when it is fine or absent. */
  readonly faults: readonly ConfigFault[]
  /** Stores what was learned. */
  readonly changes: readonly Change[]
}

/** Returns the last configuration that was valid, or the defaults when there never was one. */
export function configOf({ config }: Pick<Project, 'config'>): RepositoryConfig {
  return config ?? DEFAULT_CONFIG
}

/** Reads the configuration; with a broken file the last good one counts, or the defaults when there never was one. */
export async function loadConfig(deps: Deps, project: Project): Promise<LoadedConfig> {
  const text = await deps.github.readFile(repositoryOf(project), CONFIG_PATH)
  const parsed = parseRepositoryConfig(text ?? '')
  const updatedAt = deps.clock.now()
  const where = { id: project.id }
  if (parsed.kind === 'valid') {
    const { config } = parsed
    return {
      config,
      faults: [],
      changes: [update('projects', { where, set: { config, configFaults: [], updatedAt } })],
    }
  }
  const { faults } = parsed
  return {
    config: configOf(project),
    faults,
    changes: [update('projects', { where, set: { configFaults: faults, updatedAt } })],
  }
}
