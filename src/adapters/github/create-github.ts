// The one door to GitHub: puts the parts of this room together. No octokit type leaves it.

import { assertNever } from '../../domain/assert-never.ts'
import { isAppError } from '../../domain/errors/app-error.ts'
import type {
  DeliveryLog,
  GitHub,
  GitHubHealth,
  Observer,
  SendOrder,
  SendOutcome,
  TokenSource,
} from '../../ports/github.ts'
import type { Log } from '../../ports/surroundings.ts'
import { createIdentity } from './app-identity.ts'
import { createMarkerSigner } from './comment-marker.ts'
import { createObserver } from './create-observer.ts'
import { createDeliveryLog } from './delivery-log.ts'
import { createCalls } from './github-calls.ts'
import { createHealth } from './installation-health.ts'
import { createTokenSource } from './installation-tokens.ts'
import { createClients } from './octokit-clients.ts'
import { createRateBudget, standingOf } from './rate-budget.ts'
import type { ObserveLimits } from './read-observation.ts'
import { createReader } from './repository-reader.ts'
import { sendCheckRun } from './send-check-run.ts'
import { sendComment } from './send-comment.ts'
import { sendReaction } from './send-reaction.ts'
import { resolveThread, sendThreadReply } from './send-thread.ts'

/** How GitHub is reached and as whom. */
export interface GitHubOptions {
  readonly appId: number
  /** PEM. */
  readonly privateKey: string
  /** `https://api.github.com`, or `<protocol>://<host>/api/v3`. */
  readonly apiBaseUrl: string
  /** Absent: what belongs to `apiBaseUrl`. */
  readonly graphqlUrl?: string
  /** Signs the hidden markers of comments. */
  readonly markerKey: string
  readonly log: Log
  /** False only in tests and the demo, against a GitHub of their own. */
  readonly throttle?: boolean
  /** How long one request may take, in milliseconds; 15 seconds unless told otherwise. */
  readonly timeoutMs?: number
  /** How much one observation of a pull request may cost. */
  readonly observeLimits?: Partial<ObserveLimits>
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Everything that is read from and written to GitHub. */
export type GitHubDoor = GitHub & TokenSource & Observer & DeliveryLog & GitHubHealth

/** GitHub itself gives up after ten seconds. */
const TIMEOUT_MS = 15_000

/** Opens the door. Reads throw `GITHUB_REFUSED`, `GITHUB_RATE_LIMITED` or `GITHUB_UNAVAILABLE`; `send` never throws. */
export function createGitHub(options: GitHubOptions): GitHubDoor {
  const now = options.now ?? Date.now
  const { throttle = true, timeoutMs = TIMEOUT_MS } = options
  const budget = createRateBudget(now)
  const onHeaders = (installationId: number, headers: Readonly<Record<string, unknown>>): void => {
    const standing = standingOf(headers)
    if (standing !== null) budget.note(installationId, standing)
  }
  const clients = createClients({ ...options, throttle, timeoutMs, onHeaders })
  const calls = createCalls(clients, now)
  const identity = createIdentity(clients, calls, now)
  const sign = createMarkerSigner(options.markerKey)
  const botLogin = async (): Promise<string> => (await identity()).botLogin
  return {
    identity,
    ...createReader(calls),
    ...createObserver({ calls, budget, appId: options.appId, now, limits: options.observeLimits ?? {} }),
    ...createDeliveryLog(clients, now),
    ...createHealth(clients, now),
    ...createTokenSource(clients, now),
    send: (order) =>
      sendOrExcuse(order, (effect) => {
        switch (effect.kind) {
          case 'comment':
            return sendComment({ calls, sign, botLogin }, order, effect)
          case 'check_run':
            return sendCheckRun({ calls, sign, appId: options.appId }, order, effect)
          case 'reaction':
            return sendReaction(calls, effect)
          case 'thread_reply':
            return sendThreadReply({ calls, sign }, order, effect)
          case 'resolve_thread':
            return resolveThread(calls, effect)
          default:
            return assertNever(effect)
        }
      }),
  }
}

/** The identity is read inside a send; its failure is no reason to give the effect up. */
async function sendOrExcuse(
  order: SendOrder,
  send: (effect: SendOrder['effect']) => Promise<SendOutcome>,
): Promise<SendOutcome> {
  try {
    return await send(order.effect)
  } catch (error) {
    if (isAppError(error, 'GITHUB_RATE_LIMITED')) {
      return { kind: 'try_later', afterMs: error.details.retryAfterMs, message: error.message }
    }
    if (isAppError(error)) return { kind: 'try_later', afterMs: 1000, message: error.message }
    throw error
  }
}
