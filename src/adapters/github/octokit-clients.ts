// Makes octokit clients: one for the App itself, one for each installation, each throttled as GitHub asks. Nothing is
// repeated here: whoever called decides when to try again.

import { createAppAuth } from '@octokit/auth-app'
import { withCustomRequest } from '@octokit/graphql'
import type { graphql } from '@octokit/graphql'
import { throttling } from '@octokit/plugin-throttling'
import { Octokit } from '@octokit/rest'
import type { Log } from '../../ports/surroundings.ts'

/** How GitHub is reached and as whom. */
export interface ClientOptions {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  readonly apiBaseUrl: string
  readonly graphqlUrl?: string
  readonly log: Log
  /** False only against a GitHub of one's own. */
  readonly throttle: boolean
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs: number
}

/** A client that acts as one installation. */
export interface Client {
  readonly rest: Octokit['rest']
  readonly graphql: typeof graphql
}

/** The clients of one App. */
export interface Clients {
  /** Acts as the App itself; only for the App's own addresses. */
  readonly app: Octokit['rest']
  /** Acts as an installation; the same client, with its throttle and token, each time. */
  installation(installationId: number): Client
  /** Throws the client away, so that the next one fetches a new token. */
  forget(installationId: number): void
}

const ThrottledOctokit = Octokit.plugin(throttling)

/** Makes the clients of one App. */
export function createClients(options: ClientOptions): Clients {
  const byInstallation = new Map<number, Client>()
  return {
    app: createOctokit(options, null).rest,
    installation(installationId) {
      const known = byInstallation.get(installationId)
      if (known !== undefined) return known
      const octokit = createOctokit(options, installationId)
      const client = { rest: octokit.rest, graphql: graphqlOf(octokit, options) }
      byInstallation.set(installationId, client)
      return client
    },
    forget(installationId) {
      byInstallation.delete(installationId)
    },
  }
}

function graphqlOf(octokit: Octokit, options: ClientOptions): typeof graphql {
  const query = withCustomRequest(octokit.request)
  return options.graphqlUrl === undefined ? query : query.defaults({ url: options.graphqlUrl })
}

function createOctokit(options: ClientOptions, installationId: number | null): Octokit {
  const { appId, privateKey, apiBaseUrl, throttle } = options
  return new ThrottledOctokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey, ...(installationId === null ? {} : { installationId }) },
    baseUrl: apiBaseUrl,
    userAgent: 'belay',
    log: octokitLog(options.log),
    request: { fetch: fetchWithin(options.timeoutMs) },
    throttle: {
      enabled: throttle,
      id: `${appId}:${installationId ?? 'app'}`,
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  })
}

function fetchWithin(timeoutMs: number): (url: string, init: RequestInit) => Promise<Response> {
  return (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
}

/** Octokit's own log, without its chatter. */
interface OctokitLog {
  readonly debug: (message: string) => void
  readonly info: (message: string) => void
  readonly warn: (message: string) => void
  readonly error: (message: string) => void
}

/** Most repositories have no configuration file, so that this is no news: the reader of files answers with null. */
const MISSING_FILE = /^GET \/repos\/[^/\s]+\/[^/\s]+\/contents\/\S+ - 404 /u

function octokitLog(log: Log): OctokitLog {
  const ignore = (): void => undefined
  const warn = (message: string): void => {
    if (!MISSING_FILE.test(message)) log.warn({ source: 'octokit' }, message)
  }
  return { debug: ignore, info: ignore, warn, error: warn }
}
