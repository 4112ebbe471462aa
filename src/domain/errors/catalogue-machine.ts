// What is wrong with the machine, its database, its git, or GitHub.
// A part of the catalogue; no logic, no secrets.

import { define } from './error-spec.ts'

/** A part of the catalogue, sorted by code. */
export const MACHINE_ERRORS = {
  AGENTS_FILE_INVALID: define<{ readonly path: string; readonly faults: readonly string[] }>({
    status: 500,
    title: 'Agents file is not valid',
    message: (d) => `The agents file ${d.path} is not valid: ${d.faults.join('; ')}.`,
    hint: () => 'Correct the file and start again; README.md shows its shape.',
    audience: 'operator',
    retry: 'after_fix',
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
  LANE_LOST: define<{ readonly lane: string; readonly fence: number }>({
    status: 409,
    title: 'Lane was taken over',
    message: (d) => `The lane ${d.lane} is held with a newer fence than ${d.fence}; nothing was written.`,
    hint: () => 'Nothing to do; the new holder goes on.',
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
