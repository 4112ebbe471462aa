// Reads the operator's environment into one checked value. Pure: files, the key check and the machine's name come in as
// arguments. Every fault is collected; the sentences are in text/start-up.ts.

import { closestWord } from '../closest-word.ts'
import type { Checked, EnvironmentFault, EnvironmentNotice } from './environment-fault.ts'
import { toApiTokens, toIsolation, toPrivateKey } from './environment-secrets.ts'
import {
  GITHUB_COM,
  runnerIdFromHost,
  toAppId,
  toDatabaseUrl,
  toGitHubAddresses,
  toHost,
  toLogLevel,
  toOptionalUrl,
  toPort,
  toRunnerId,
  toWebhookPath,
  toWebhookSecret,
} from './environment-values.ts'
import { ENVIRONMENT_VARIABLES, LATER_VARIABLES, type EnvironmentVariable } from './environment-variables.ts'
import type { OperatorConfig, RecordsPlace } from './operator-config.ts'

/** What the reader needs from the machine. */
export interface EnvironmentSurroundings {
  /** Returns the file's text, or null when it can not be read. */
  readonly readFile: (path: string) => string | null
  /** Tells whether the text is a private key the App can sign with. */
  readonly isPrivateKey: (pem: string) => boolean
  /** The machine's name, for a RUNNER_ID nobody set. */
  readonly hostName: string
}

export type EnvironmentOutcome =
  | {
      readonly kind: 'valid'
      readonly config: OperatorConfig
      readonly notices: readonly EnvironmentNotice[]
    }
  /** Sorted as in `.env.example`. */
  | { readonly kind: 'invalid'; readonly faults: readonly EnvironmentFault[] }

export type RecordsPlaceOutcome =
  | { readonly kind: 'valid'; readonly place: RecordsPlace }
  | { readonly kind: 'invalid'; readonly faults: readonly EnvironmentFault[] }

type Environment = Readonly<Record<string, string | undefined>>

const SECRET_RECOMMENDED = 16

/** Variables of test builds and of agents: nobody mistyped them. */
const FOREIGN = /^BELAY_(?:FAULT|KILL_AT|SESSION|PROJECT|PR|PHASE|ROLE|ATTEMPT|PROMPT_FILE|VERDICT_FILE)$/

/** Returns the configuration, or every fault at once. An empty variable counts as not set. */
export function parseEnvironment(
  env: Environment,
  surroundings: EnvironmentSurroundings,
): EnvironmentOutcome {
  const faults: EnvironmentFault[] = []
  for (const variable of LATER_VARIABLES) {
    if (valueOf(env, variable) !== null) faults.push({ kind: 'not_available_yet', variable })
  }
  const config = readConfig(env, surroundings, keepInto(faults))
  return faults.length === 0
    ? { kind: 'valid', config, notices: noticesOf(env, config) }
    : { kind: 'invalid', faults: faults.toSorted((a, b) => rank(a) - rank(b)) }
}

/** Returns where the records are, or every fault of that; all other variables may be wrong or absent. */
export function parseRecordsPlace(env: Environment): RecordsPlaceOutcome {
  const faults: EnvironmentFault[] = []
  const place = readPlace(env, keepInto(faults))
  return faults.length === 0 ? { kind: 'valid', place } : { kind: 'invalid', faults }
}

/** Notes a fault and returns the stand-in, so that reading goes on to the next variable. */
type Keep = <T>(result: Checked<T>, instead: T) => T

function readConfig(env: Environment, surroundings: EnvironmentSurroundings, keep: Keep): OperatorConfig {
  const read = (variable: EnvironmentVariable): string | null => valueOf(env, variable)
  const { readFile, isPrivateKey, hostName } = surroundings
  const key = { inline: read('PRIVATE_KEY'), path: read('PRIVATE_KEY_PATH'), readFile, isPrivateKey }
  return {
    appId: keep(toAppId(read('APP_ID')), 0),
    privateKey: keep(toPrivateKey(key), ''),
    webhookSecret: keep(toWebhookSecret(read('WEBHOOK_SECRET')), ''),
    webhookPath: keep(toWebhookPath(read('WEBHOOK_PATH') ?? '/api/github/webhooks'), ''),
    webhookProxyUrl: keep(toOptionalUrl('WEBHOOK_PROXY_URL', read('WEBHOOK_PROXY_URL')), null),
    host: keep(toHost(read('HOST') ?? '127.0.0.1'), ''),
    port: keep(toPort(read('PORT') ?? '3000'), 0),
    logLevel: keep(toLogLevel(read('LOG_LEVEL') ?? 'info'), 'info'),
    github: keep(toGitHubAddresses(read('GHE_HOST'), read('GHE_PROTOCOL')), GITHUB_COM),
    ...readPlace(env, keep),
    apiTokens: keep(toApiTokens(read('BELAY_API_TOKEN')), []),
    agentsFile: read('BELAY_AGENTS_FILE'),
    isolation: keep(toIsolation(read('BELAY_ISOLATION'), read('BELAY_AGENT_WRAPPER')), { kind: 'unset' }),
    runnerId: keep(toRunnerId(read('RUNNER_ID') ?? runnerIdFromHost(hostName)), ''),
  }
}

function readPlace(env: Environment, keep: Keep): RecordsPlace {
  const url = keep(toDatabaseUrl(valueOf(env, 'DATABASE_URL') ?? 'file:data/belay.db'), '')
  const authToken = valueOf(env, 'DATABASE_AUTH_TOKEN')
  return { database: { url, authToken }, home: valueOf(env, 'BELAY_HOME') ?? 'data' }
}

function keepInto(faults: EnvironmentFault[]): Keep {
  return (result, instead) => {
    if (result.kind === 'good') return result.value
    faults.push(result.fault)
    return instead
  }
}

function noticesOf(env: Environment, config: OperatorConfig): readonly EnvironmentNotice[] {
  const notices: EnvironmentNotice[] = []
  const { length } = config.webhookSecret
  if (config.isolation.kind === 'unset') notices.push({ kind: 'isolation_unset' })
  if (config.isolation.kind === 'bubblewrap') notices.push({ kind: 'isolation_not_available' })
  if (length < SECRET_RECOMMENDED)
    notices.push({ kind: 'secret_short', length, recommended: SECRET_RECOMMENDED })
  for (const variable of Object.keys(env).toSorted()) {
    if (!variable.startsWith('BELAY_') || FOREIGN.test(variable) || isKnown(variable)) continue
    const nearest = closestWord(variable, ENVIRONMENT_VARIABLES)
    if (nearest !== null) notices.push({ kind: 'unknown_variable', variable, nearest })
  }
  return notices
}

function valueOf(env: Environment, variable: EnvironmentVariable): string | null {
  const text = env[variable]?.trim() ?? ''
  return text === '' ? null : text
}

function isKnown(name: string): boolean {
  return ENVIRONMENT_VARIABLES.some((variable) => variable === name)
}

function rank(fault: EnvironmentFault): number {
  return ENVIRONMENT_VARIABLES.indexOf(fault.variable)
}
