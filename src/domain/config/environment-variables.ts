// The names of the operator's environment variables: the one list that reader, `.env.example` and documents share.

/** Every variable Belay reads, in the order of `.env.example`. */
export const ENVIRONMENT_VARIABLES = [
  'APP_ID',
  'PRIVATE_KEY',
  'PRIVATE_KEY_PATH',
  'WEBHOOK_SECRET',
  'WEBHOOK_PATH',
  'WEBHOOK_PROXY_URL',
  'HOST',
  'PORT',
  'LOG_LEVEL',
  'GHE_HOST',
  'GHE_PROTOCOL',
  'DATABASE_URL',
  'DATABASE_AUTH_TOKEN',
  'BELAY_HOME',
  'BELAY_AGENTS_FILE',
  'BELAY_ISOLATION',
  'BELAY_AGENT_WRAPPER',
  'BELAY_API_TOKEN',
  'RUNNER_ID',
  'REDIS_URL',
  'RUNNER_TOKEN',
  'BELAY_WEB_URL',
] as const

export type EnvironmentVariable = (typeof ENVIRONMENT_VARIABLES)[number]

/** Names that later versions give a meaning: ignoring them would run another set-up than the operator asked for. */
export const LATER_VARIABLES: readonly EnvironmentVariable[] = ['REDIS_URL', 'RUNNER_TOKEN', 'BELAY_WEB_URL']
