// Reads the text of `.github/belay.yml`. Finds everything that is wrong at once, each with its line; never throws.
// Knows neither where the text came from nor what the operator allows.

import { yamlFaultText } from '../text/yaml-faults.ts'
import { parseDuration } from './duration.ts'
import { readGuardedYaml } from './guarded-yaml.ts'
import type { YamlFault } from './guarded-yaml.ts'
import { knownKeys } from './known-keys.ts'
import { REPOSITORY_CONFIG_SCHEMA } from './repository-config-schema.ts'
import type { RepositoryConfigFile } from './repository-config-schema.ts'
import type { ConfigFault, PhaseConfig, RepositoryConfig } from './repository-config.ts'
import { repeatedPhaseFaults, toFaults } from './schema-faults.ts'
import type { YamlSource } from './yaml-position.ts'

/** Is what reading a configuration gives: all of it, or everything that is wrong with it. */
export type ParsedRepositoryConfig =
  | { readonly kind: 'valid'; readonly config: RepositoryConfig }
  /** At least one fault, sorted by line and column. */
  | { readonly kind: 'invalid'; readonly faults: readonly ConfigFault[] }

/** Reads a configuration; an empty text is a valid one, with every default. */
export function parseRepositoryConfig(text: string): ParsedRepositoryConfig {
  const read = readGuardedYaml(text)
  const faults = read.faults.map(toConfigFault)
  return read.kind === 'unreadable' ? invalid(faults) : checkValues(read.source, faults)
}

/** Holds every default: what a repository without a file gets. */
export const DEFAULT_CONFIG: RepositoryConfig = toRepositoryConfig(REPOSITORY_CONFIG_SCHEMA.parse({}))

function checkValues(source: YamlSource, before: readonly ConfigFault[]): ParsedRepositoryConfig {
  // The aliases were counted before; the parser's own count would throw.
  const value: unknown = source.document.toJS({ maxAliasCount: -1 }) ?? {}
  const result = REPOSITORY_CONFIG_SCHEMA.safeParse(value)
  const file = { source, value, knownKeys }
  const issues = result.error?.issues ?? []
  const faults = [
    ...before,
    ...issues.flatMap((issue) => toFaults(file, issue)),
    ...repeatedPhaseFaults(file),
  ]
  if (result.data === undefined || faults.length > 0) return invalid(faults)
  return { kind: 'valid', config: toRepositoryConfig(result.data) }
}

function toConfigFault({ line, column, kind, reason }: YamlFault): ConfigFault {
  return { line, column, path: '', ...yamlFaultText(kind, reason) }
}

function invalid(faults: readonly ConfigFault[]): ParsedRepositoryConfig {
  const sorted = faults.toSorted((one, other) => one.line - other.line || one.column - other.column)
  return { kind: 'invalid', faults: sorted }
}

function toRepositoryConfig(file: RepositoryConfigFile): RepositoryConfig {
  const { _extends: extendsFrom = null } = file
  return {
    version: file.version,
    extendsFrom,
    agent: file.agent ?? null,
    phases: file.phases.map(toPhaseConfig),
    sync: {
      onConflict: file.sync.on_conflict,
      pushBackups: file.sync.push_backups,
      pushBackupsFallback: file.sync.push_backups_fallback,
    },
    check: file.check,
    nudges: file.nudges,
    overseer: {
      stallMs: parseDuration(file.overseer.stall) ?? 0,
      loop: file.overseer.loop,
      budgetMs: parseDuration(file.overseer.budget) ?? 0,
    },
    decisions: {
      remindMs: orNever(file.decisions.remind),
      expireMs: orNever(file.decisions.expire),
    },
    permissions: file.permissions,
    triggers: file.triggers,
  }
}

function toPhaseConfig(phase: RepositoryConfigFile['phases'][number]): PhaseConfig {
  return {
    name: phase.name,
    prompt: phase.prompt,
    produces: phase.produces ?? null,
    plan: phase.plan,
    reviewers: phase.reviewers,
    timeoutMs: parseDuration(phase.timeout) ?? 0,
    silenceMs: parseDuration(phase.silence) ?? 0,
    restarts: phase.restarts,
  }
}

function orNever(duration: string): number | null {
  return duration === 'never' ? null : parseDuration(duration)
}
