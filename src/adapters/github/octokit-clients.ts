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
  /** Told the headers of every answer to an installation's read. */
  readonly onHeaders?: (installationId: number, headers: Readonly<Record<string, unknown>>) => void
}

/** A client that acts as one installation. */
export interface Client {
  readonly rest: Octokit['rest']
  /** For routes that `rest` has no name for. */
  readonly request: Octokit['request']
  /** For mutations: counted among the writes, at most one a second. */
  readonly graphql: typeof graphql
  /** For reads: never waits behind writes. */
  readonly query: typeof graphql
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
      const client = {
        rest: octokit.rest,
        request: octokit.request,
        graphql: graphqlOf(octokit, options),
        query: queryOf(octokit, options, installationId),
      }
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

/** Reads have a client of their own, which shares the token: the throttle counts each GraphQL call as a write. */
function queryOf(octokit: Octokit, options: ClientOptions, installationId: number): typeof graphql {
  const { apiBaseUrl, timeoutMs, log } = options
  const reading = new Octokit({
    authStrategy: () => octokit.auth,
    baseUrl: apiBaseUrl,
    userAgent: 'belay',
    log: octokitLog(log),
    request: { fetch: fetchWithin(timeoutMs) },
  })
  reading.hook.after('request', refuseCutAnswer)
  reading.hook.after('request', ({ headers }) => options.onHeaders?.(installationId, headers))
  return graphqlOf(reading, options)
}

function createOctokit(options: ClientOptions, installationId: number | null): Octokit {
  const { appId, privateKey, apiBaseUrl, throttle } = options
  const octokit = new ThrottledOctokit({
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
  octokit.hook.after('request', refuseCutAnswer)
  return octokit
}

interface CutOrWhole {
  readonly headers: { readonly 'content-type'?: string }
  readonly data: unknown
}

/** Danger: when a connection ends in the middle of a body, octokit hands out what it has as text, without an error. */
function refuseCutAnswer({ headers, data }: CutOrWhole): void {
  const isJson = /^application\/json\b/u.test(headers['content-type'] ?? '')
  if (isJson && typeof data === 'string') throw new Error('The answer ended too early.')
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
