// Reads single values of the environment. Every function takes text and returns a value or a fault; none throws.

import type { EnvironmentVariable } from './environment-variables.ts'
import { faulty, good, type Checked } from './environment-fault.ts'
import { LOG_LEVELS, type GitHubAddresses, type LogLevel } from './operator-config.ts'

/** The secret Probot falls back to when none is set; everybody knows it. */
const PROBOT_DEFAULT_SECRET = 'development'
/** Shorter secrets can be guessed from one recorded delivery. */
const SECRET_MINIMUM = 8

/** Reads APP_ID. */
export function toAppId(text: string | null): Checked<number> {
  if (text === null) return faulty({ kind: 'missing', variable: 'APP_ID' })
  if (/^[1-9]\d{0,14}$/.test(text)) return good(Number(text))
  return wrong('APP_ID', text, 'the number that the settings page of the App shows')
}

/** Reads WEBHOOK_SECRET. */
export function toWebhookSecret(text: string | null): Checked<string> {
  const variable = 'WEBHOOK_SECRET'
  if (text === null) return faulty({ kind: 'missing', variable })
  if (text === PROBOT_DEFAULT_SECRET) return faulty({ kind: 'secret_default', variable })
  if (text.length < SECRET_MINIMUM) return faulty({ kind: 'too_short', variable, minimum: SECRET_MINIMUM })
  return good(text)
}

/** Reads WEBHOOK_PATH: a plain path, because it is compared with the request's as text. */
export function toWebhookPath(text: string): Checked<string> {
  const isPath = /^(\/[\w.~-]+)+$/.test(text)
  return isPath ? good(text) : wrong('WEBHOOK_PATH', text, 'a path such as `/api/github/webhooks`')
}

/** Reads PORT; 0 takes any free port. */
export function toPort(text: string): Checked<number> {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return good(Number(text))
  return wrong('PORT', text, 'a number from 0 to 65535')
}

/** Reads HOST: a name or an address to listen on. */
export function toHost(text: string): Checked<string> {
  return /^[\w.:-]+$/.test(text)
    ? good(text)
    : wrong('HOST', text, 'a host name or an IP address without a scheme')
}

/** Reads LOG_LEVEL. */
export function toLogLevel(text: string): Checked<LogLevel> {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase())
  return level === undefined ? wrong('LOG_LEVEL', text, `one of ${LOG_LEVELS.join(', ')}`) : good(level)
}

/** Reads an http or https address that may be absent. */
export function toOptionalUrl(variable: EnvironmentVariable, text: string | null): Checked<string | null> {
  if (text === null || /^https?:\/\/[^\s/]+/.test(text)) return good(text)
  return wrong(variable, text, 'an address that begins with http:// or https://')
}

/** Reads GHE_HOST and GHE_PROTOCOL; without a host it is github.com. */
export function toGitHubAddresses(host: string | null, protocol: string | null): Checked<GitHubAddresses> {
  if (protocol !== null && protocol !== 'http' && protocol !== 'https') {
    return wrong('GHE_PROTOCOL', protocol, '`https` or `http`')
  }
  if (host === null) return good(GITHUB_COM)
  if (!/^(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/.test(host)) {
    return wrong('GHE_HOST', host, 'a host such as `github.example.com`, without a scheme or a path')
  }
  const webUrl = `${protocol ?? 'https'}://${host}`
  return good({ apiBaseUrl: `${webUrl}/api/v3`, graphqlUrl: `${webUrl}/api/graphql`, webUrl })
}

/** The addresses of github.com. */
export const GITHUB_COM: GitHubAddresses = {
  apiBaseUrl: 'https://api.github.com',
  graphqlUrl: 'https://api.github.com/graphql',
  webUrl: 'https://github.com',
}

/** Reads DATABASE_URL; a database in memory would forget every promise at the next start. */
export function toDatabaseUrl(text: string): Checked<string> {
  const isKnown = /^(?:file:.+|(?:libsql|https?|wss?):\/\/[^\s/]+.*)$/.test(text)
  if (isKnown && !text.includes(':memory:')) return good(text)
  return wrong(
    'DATABASE_URL',
    withoutCredentials(text),
    '`file:<path>` or the `libsql://` address of a server',
  )
}

/** Reads RUNNER_ID. Danger: owners of lanes are `<runner>/<boot>`, so it may hold neither a slash nor white space. */
export function toRunnerId(text: string): Checked<string> {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text)) return good(text)
  return wrong(
    'RUNNER_ID',
    text,
    'at most 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
  )
}

/** Returns a valid RUNNER_ID made of a machine's name: the same for every start on it. */
export function runnerIdFromHost(hostName: string): string {
  const cleaned = hostName.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return cleaned.slice(0, 63) || 'runner'
}

function wrong<T>(variable: EnvironmentVariable, value: string, wanted: string): Checked<T> {
  return faulty({ kind: 'wrong_value', variable, value: value.slice(0, 80), wanted })
}

/** Returns an address without user, password and parameters, for showing it. */
export function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@\s]*@/, '//').replace(/[?#].*$/, '')
}
