// What the operator decided for this process, after all of it was checked. One value, read once, passed down.

export interface ApiToken {
  /** The actor in records. */
  readonly name: string
  readonly token: string
}

/** How agents are kept away from the machine. */
export type Isolation =
  /** Runs are refused with a text that says how to get isolation or to accept `none`. */
  | { readonly kind: 'unset' }
  | { readonly kind: 'none' }
  /** `argv` is put before every agent's own. */
  | { readonly kind: 'wrapper'; readonly argv: readonly string[] }
  | { readonly kind: 'bubblewrap' }

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Addresses of the GitHub this App belongs to; none ends with a slash. */
export interface GitHubAddresses {
  readonly apiBaseUrl: string
  readonly graphqlUrl: string
  /** Git remotes and links for people are `<webUrl>/<owner>/<name>`. */
  readonly webUrl: string
}

/** What looking at the records of this machine needs: no App, no secret. */
export interface RecordsPlace {
  readonly database: { readonly url: string; readonly authToken: string | null }
  /** Folder of mirrors, sessions and agent logs; may be relative to the working directory. */
  readonly home: string
}

export interface OperatorConfig extends RecordsPlace {
  readonly appId: number
  /** PEM, with real line breaks. */
  readonly privateKey: string
  readonly webhookSecret: string
  readonly webhookPath: string
  /** A smee channel to receive webhooks through while developing. */
  readonly webhookProxyUrl: string | null
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly logLevel: LogLevel
  readonly github: GitHubAddresses
  /** Empty: the REST API is off. */
  readonly apiTokens: readonly ApiToken[]
  readonly agentsFile: string | null
  readonly isolation: Isolation
  readonly runnerId: string
}
