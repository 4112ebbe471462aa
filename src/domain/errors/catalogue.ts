// Every error by its permanent code. Texts say what happened and what to do next; no logic, no secrets.
// docs/errors.md is generated from this table.

export interface ErrorSpec<Details> {
  readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503
  /** A few words, no full stop. */
  readonly title: string
  /** What happened and why, in full sentences. */
  readonly message: (details: Details) => string
  /** The one next action for this reader. */
  readonly hint: (details: Details) => string
  /** Whether it may be shown in a pull request. */
  readonly audience: 'user' | 'operator'
  readonly retry: 'never' | 'later' | 'after_fix'
}

type NoDetails = Readonly<Record<never, never>>

function define<Details>(spec: ErrorSpec<Details>): ErrorSpec<Details> {
  return spec
}

/** The catalogue, sorted by code. */
export const ERRORS = {
  AGENTS_FILE_INVALID: define<{ readonly path: string; readonly faults: readonly string[] }>({
    status: 500,
    title: 'Agents file is not valid',
    message: (d) => `The agents file ${d.path} is not valid: ${d.faults.join('; ')}.`,
    hint: () => 'Correct the file and start again; README.md shows its shape.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  API_TOKEN_MISSING: define<NoDetails>({
    status: 401,
    title: 'No API token is set',
    message: () =>
      'The running process takes this through its REST interface, and that is off without BELAY_API_TOKEN.',
    hint: () =>
      'Set BELAY_API_TOKEN for both the running process and this command; questions can be answered on the pull request, too.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  BACKUP_DAMAGED: define<{ readonly backup: string; readonly detail: string }>({
    status: 409,
    title: 'Pin can not be read back',
    message: (d) => `The pin \`${d.backup}\` could not be read back whole: ${d.detail}.`,
    hint: () => 'Nothing was pushed or deleted. Read docs/recovery.md before anybody touches the mirror.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  BACKUP_EMPTY: define<{ readonly backup: string; readonly leftOut: readonly string[] }>({
    status: 422,
    title: 'Pin holds nothing that may be pushed',
    message: (d) =>
      d.leftOut.length === 0
        ? `The pin \`${d.backup}\` holds no uncommitted files.`
        : `None of the uncommitted files of the pin \`${d.backup}\` may leave the machine: ${d.leftOut.join(', ')}.`,
    hint: () =>
      'Rescue the commits alone, or take the files out of the pin by hand as docs/recovery.md says.',
    audience: 'user',
    retry: 'never',
  }),
  BACKUP_NOT_FOUND: define<{ readonly backup: string }>({
    status: 404,
    title: 'No such pin',
    message: (d) => `There is no pin with the id \`${d.backup}\`.`,
    hint: () => 'List them with `belay backups list`.',
    audience: 'user',
    retry: 'never',
  }),
  BODY_TOO_LARGE: define<{ readonly limitBytes: number }>({
    status: 413,
    title: 'Body too large',
    message: (d) => `The body is larger than ${d.limitBytes} bytes.`,
    hint: () => 'Send a smaller body.',
    audience: 'operator',
    retry: 'never',
  }),
  CHANGE_LOG_SCHEMA_UNKNOWN: define<{ readonly schema: number; readonly triggers: readonly string[] }>({
    status: 500,
    title: 'Change log has another schema',
    message: (d) =>
      `Triggers of the database write payloads into the change log that are not of schema ${d.schema}: ${d.triggers.join(', ')}.`,
    hint: () =>
      'They are not of this version of Belay. Start the version that made them, or drop these triggers and start again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  CONFIG_INVALID: define<{ readonly faults: readonly string[] }>({
    status: 500,
    title: 'Configuration is not valid',
    message: (d) => `Belay can not start: ${d.faults.join(' ')}`,
    hint: () => 'Copy .env.example to .env, fill in what is named above, and start again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DATABASE_IN_USE: define<{ readonly file: string; readonly pid: number | null }>({
    status: 503,
    title: 'Database is in use',
    message: (d) =>
      `Another Belay process${d.pid === null ? '' : ` (process id ${d.pid})`} already writes to ${d.file}. One process writes to one file.`,
    hint: () => 'Stop the other process, or give this one its own DATABASE_URL and BELAY_HOME.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DATABASE_RULE_BROKEN: define<{ readonly rule: string }>({
    status: 500,
    title: 'A database rule was broken',
    message: (d) => `A write broke the database rule \`${d.rule}\`. Nothing of it was stored.`,
    hint: () => 'This is a mistake in Belay: please report it with the lines of the log around it.',
    audience: 'operator',
    retry: 'never',
  }),
  DATABASE_TRIGGERS_MISSING: define<{ readonly missing: readonly string[] }>({
    status: 500,
    title: 'Database triggers are missing',
    message: (d) =>
      `The database lacks the triggers ${d.missing.join(', ')}; the change log would have gaps.`,
    hint: () => 'Run `belay migrate`, which installs them again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DATABASE_UNAVAILABLE: define<{ readonly reason: string }>({
    status: 503,
    title: 'Database is not available',
    message: (d) => `The database did not take the write: ${d.reason}. Nothing of it was stored.`,
    hint: () => 'Check free disk space and permissions of the database file; Belay tries again by itself.',
    audience: 'operator',
    retry: 'later',
  }),
  DATABASE_UNREADABLE: define<{ readonly database: string; readonly reason: string }>({
    status: 503,
    title: 'Database can not be read',
    message: (d) => `The database ${d.database} can not be read: ${d.reason}.`,
    hint: () =>
      'Correct DATABASE_URL, or type the command in the folder where Belay is started; a relative path begins there.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DECISION_ALREADY_RESOLVED: define<{
    readonly decision: string
    readonly answer: string
    readonly by: string
  }>({
    status: 409,
    title: 'Decision is already answered',
    message: (d) => `The question \`${d.decision}\` was already answered with \`${d.answer}\` by ${d.by}.`,
    hint: () => 'Nothing to do; the first valid answer counts.',
    audience: 'user',
    retry: 'never',
  }),
  DECISION_AMBIGUOUS: define<{ readonly decision: string }>({
    status: 409,
    title: 'Several decisions have this id',
    message: (d) => `More than one repository has a question with the id \`${d.decision}\`.`,
    hint: () => 'Name its pipeline with `--pipeline`; `belay decisions list` shows it.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  DECISION_NOT_FOUND: define<{ readonly decision: string }>({
    status: 404,
    title: 'No such decision',
    message: (d) => `There is no question with the id \`${d.decision}\`.`,
    hint: () => 'Take the id from the question on the pull request, or run `belay decisions list`.',
    audience: 'user',
    retry: 'never',
  }),
  DECISION_OPTION_INVALID: define<{
    readonly decision: string
    readonly answer: string
    readonly options: readonly string[]
  }>({
    status: 422,
    title: 'Not an option of this decision',
    message: (d) => `\`${d.answer}\` is not an option of the question \`${d.decision}\`; it stays open.`,
    hint: (d) => `Answer with one of: ${d.options.join(', ')}.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  DECISION_SUPERSEDED: define<{ readonly decision: string; readonly successor: string | null }>({
    status: 409,
    title: 'Decision was withdrawn',
    message: (d) => `The question \`${d.decision}\` was withdrawn because the facts changed.`,
    hint: (d) =>
      d.successor === null ? 'Nothing is left to answer.' : `Answer the question \`${d.successor}\` instead.`,
    audience: 'user',
    retry: 'after_fix',
  }),
  DELIVERY_ALREADY_FINISHED: define<{ readonly delivery: string }>({
    status: 409,
    title: 'Delivery is finished',
    message: (d) => `The delivery \`${d.delivery}\` is finished; there is nothing to drop.`,
    hint: () => 'Nothing to do; only pending and dead deliveries can be dropped.',
    audience: 'operator',
    retry: 'never',
  }),
  DELIVERY_NOT_FOUND: define<{ readonly delivery: string }>({
    status: 404,
    title: 'No such delivery',
    message: (d) => `There is no delivery with the id \`${d.delivery}\`.`,
    hint: () => 'List them with `belay inbox list`.',
    audience: 'operator',
    retry: 'never',
  }),
  EVENT_QUERY_INVALID: define<{ readonly parameter: string; readonly reason: string }>({
    status: 400,
    title: 'Event stream can not be asked for that',
    message: (d) => `\`${d.parameter}\` is not valid for the event stream: ${d.reason}.`,
    hint: () => 'Correct it and connect again; docs/events.md has every parameter.',
    audience: 'user',
    retry: 'after_fix',
  }),
  EVENT_STREAMS_FULL: define<{ readonly limit: number }>({
    status: 503,
    title: 'Too many event streams',
    message: (d) => `${d.limit} event streams are open, and that is the limit.`,
    hint: () => 'Close one that nobody reads, or connect again later; the position is not lost by waiting.',
    audience: 'user',
    retry: 'later',
  }),
  FENCE_TOO_OLD: define<{ readonly session: string; readonly fence: number; readonly seen: number }>({
    status: 409,
    title: 'A newer process took over',
    message: (d) => `The runner has seen fence ${d.seen} for ${d.session} and refuses ${d.fence}.`,
    hint: () => 'Nothing to do; the process with the newer fence goes on.',
    audience: 'operator',
    retry: 'never',
  }),
  GIT_FAILED: define<{ readonly command: string; readonly exitCode: number | null; readonly detail: string }>(
    {
      status: 500,
      title: 'Git failed',
      message: (d) => `git ${d.command} ended with ${d.exitCode ?? 'a signal'} and said: "${d.detail}".`,
      hint: () => 'Look at the runner’s log. Nothing was discarded.',
      audience: 'operator',
      retry: 'later',
    },
  ),
  GIT_TOO_OLD: define<{ readonly found: string; readonly needed: string }>({
    status: 500,
    title: 'Git is too old',
    message: (d) => `Found git ${d.found}; Belay needs ${d.needed} or newer.`,
    hint: () => 'Install a newer git on this machine.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  GITHUB_CREDENTIALS_REFUSED: define<{ readonly status: number }>({
    status: 503,
    title: 'GitHub refuses the App',
    message: (d) => `GitHub answered the App’s own credentials with ${d.status}.`,
    hint: () => 'Check APP_ID and the private key, and the clock of this machine.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  GITHUB_RATE_LIMITED: define<{ readonly retryAfterMs: number }>({
    status: 503,
    title: 'GitHub asks to wait',
    message: (d) => `GitHub’s rate limit is used up for ${Math.ceil(d.retryAfterMs / 1000)} seconds.`,
    hint: () => 'Nothing to do; Belay goes on by itself.',
    audience: 'operator',
    retry: 'later',
  }),
  GITHUB_REFUSED: define<{ readonly status: number; readonly route: string }>({
    status: 502,
    title: 'GitHub refused',
    message: (d) => `GitHub answered ${d.route} with ${d.status}.`,
    hint: () => 'Check the App’s permissions and that it is installed on the repository.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  GITHUB_UNAVAILABLE: define<{ readonly route: string; readonly reason: string }>({
    status: 503,
    title: 'GitHub is not reachable',
    message: (d) => `${d.route} got no usable answer from GitHub: ${d.reason}.`,
    hint: () => 'Nothing to do; Belay tries again by itself.',
    audience: 'operator',
    retry: 'later',
  }),
  INTERNAL_ERROR: define<NoDetails>({
    status: 500,
    title: 'Internal error',
    message: () => 'Something went wrong inside Belay. Nothing was discarded.',
    hint: () => 'Try again; when it persists, look up the request id in the log.',
    audience: 'operator',
    retry: 'later',
  }),
  LANE_LOST: define<{ readonly lane: string; readonly fence: number }>({
    status: 409,
    title: 'Lane was taken over',
    message: (d) => `The lane ${d.lane} is held with a newer fence than ${d.fence}; nothing was written.`,
    hint: () => 'Nothing to do; the new holder goes on.',
    audience: 'operator',
    retry: 'never',
  }),
  METHOD_NOT_ALLOWED: define<{ readonly allowed: string }>({
    status: 405,
    title: 'Method not allowed',
    message: (d) => `This address takes ${d.allowed} only.`,
    hint: () => 'Use the allowed method.',
    audience: 'operator',
    retry: 'never',
  }),
  NOT_READY: define<{ readonly failing: readonly string[] }>({
    status: 503,
    title: 'Not ready',
    message: (d) => `Belay can not take work at the moment; failing: ${d.failing.join(', ')}.`,
    hint: () => 'Ask again in a few seconds; when it persists, run `belay doctor`.',
    audience: 'operator',
    retry: 'later',
  }),
  PAYLOAD_UNREADABLE: define<{ readonly event: string; readonly fields: readonly string[] }>({
    status: 422,
    title: 'Payload could not be read',
    message: (d) =>
      `The payload of \`${d.event}\` lacks or changes fields that Belay needs: ${d.fields.join(', ')}.`,
    hint: () => 'Update Belay, then run `belay inbox replay` for this delivery.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  PIPELINE_NOT_FOUND: define<{ readonly pipeline: string }>({
    status: 404,
    title: 'No such pipeline',
    message: (d) => `There is no pipeline with the id \`${d.pipeline}\`.`,
    hint: () => 'Take the id from `belay sessions show`.',
    audience: 'user',
    retry: 'never',
  }),
  REQUEST_INVALID: define<{ readonly reason: string }>({
    status: 400,
    title: 'Request is not valid',
    message: (d) => `The request can not be read: ${d.reason}.`,
    hint: () => 'Correct the request and send it again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  REQUEST_TIMEOUT: define<NoDetails>({
    status: 408,
    title: 'Request took too long',
    message: () => 'The request did not arrive completely in time.',
    hint: () => 'Send it again over a faster connection.',
    audience: 'operator',
    retry: 'later',
  }),
  RESCUE_REFUSED: define<{ readonly branch: string; readonly refusal: string; readonly detail: string }>({
    status: 409,
    title: 'Rescue was refused',
    message: (d) => `The branch \`${d.branch}\` could not be pushed (${d.refusal}). The pin is untouched.`,
    hint: () =>
      'Read what the host said in the details, name another branch if this one exists, and try again.',
    audience: 'user',
    retry: 'after_fix',
  }),
  RESCUE_WITHDRAWN: define<{ readonly backup: string; readonly reason: string }>({
    status: 503,
    title: 'Rescue was not finished',
    message: (d) =>
      `The rescue of the pin \`${d.backup}\` was not finished: ${d.reason}. The pin is untouched, and Belay does not try it again by itself.`,
    hint: () => 'Give the order again when the cause is gone; an order given twice makes one branch.',
    audience: 'user',
    retry: 'later',
  }),
  ROUTE_NOT_FOUND: define<{ readonly path: string }>({
    status: 404,
    title: 'No such address',
    message: (d) => `There is nothing at ${d.path}.`,
    hint: () => 'README.md lists the addresses.',
    audience: 'operator',
    retry: 'never',
  }),
  SERVER_BUSY: define<NoDetails>({
    status: 503,
    title: 'Too much at the same time',
    message: () => 'Too many large requests are arriving at the same time; this one was not taken.',
    hint: () => 'Send it again later.',
    audience: 'operator',
    retry: 'later',
  }),
  SERVER_UNREACHABLE: define<{ readonly address: string }>({
    status: 503,
    title: 'Belay is not running here',
    message: (d) => `No Belay process answers at ${d.address}. Nothing was stored.`,
    hint: () => 'Start it with `npm start`, or correct HOST and PORT, then try again.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  SESSION_NOT_FOUND: define<{ readonly session: string }>({
    status: 404,
    title: 'No such session',
    message: (d) => `There is no session with the id \`${d.session}\`.`,
    hint: () => 'List them with `belay sessions list`.',
    audience: 'user',
    retry: 'never',
  }),
  UNAUTHORIZED: define<NoDetails>({
    status: 401,
    title: 'Not authorised',
    message: () => 'The request carries no valid token.',
    hint: () => 'Send `Authorization: Bearer <token>` with a token from BELAY_API_TOKEN.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  WEBHOOK_BODY_INVALID: define<NoDetails>({
    status: 400,
    title: 'Body is not a JSON object',
    message: () => 'The body of the delivery is not a JSON object.',
    hint: () => 'Send what GitHub sends, as application/json.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_CONTENT_TYPE: define<NoDetails>({
    status: 415,
    title: 'Content type is not JSON',
    message: () => 'Deliveries must be sent as application/json.',
    hint: () => 'Set the content type of the webhook to application/json.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_HEADERS_MISSING: define<NoDetails>({
    status: 400,
    title: 'Headers are missing',
    message: () => 'A delivery needs X-GitHub-Event, X-GitHub-Delivery and X-Hub-Signature-256.',
    hint: () => 'Send what GitHub sends; a webhook secret must be set.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_NOT_STORED: define<NoDetails>({
    status: 503,
    title: 'Delivery was not stored',
    message: () => 'The delivery could not be stored and was not accepted.',
    hint: () => 'Deliver it again later.',
    audience: 'operator',
    retry: 'later',
  }),
  WEBHOOK_SIGNATURE_INVALID: define<NoDetails>({
    status: 401,
    title: 'Signature does not match',
    message: () => 'The signature does not match the body.',
    hint: () => 'Check that WEBHOOK_SECRET is the secret set in the App.',
    audience: 'operator',
    retry: 'never',
  }),
  WORKSPACE_INVALID: define<{ readonly session: string; readonly reason: string }>({
    status: 500,
    title: 'Workspace can not be used',
    message: (d) => `The workspace of ${d.session} can not be used: ${d.reason}`,
    hint: () => 'Nothing was discarded. Look at the runner’s log.',
    audience: 'user',
    retry: 'after_fix',
  }),
} as const

export type ErrorCode = keyof typeof ERRORS
export type DetailsOf<C extends ErrorCode> = Parameters<(typeof ERRORS)[C]['message']>[0] extends infer D
  ? unknown extends D
    ? NoDetails
    : D
  : never
