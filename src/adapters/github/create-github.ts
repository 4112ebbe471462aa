// The one door to GitHub: puts the parts of this room together. No octokit type leaves it.

import { assertNever } from '../../domain/assert-never.ts'
import { isAppError } from '../../domain/errors/app-error.ts'
import type { GitHub, SendOrder, SendOutcome, TokenSource } from '../../ports/github.ts'
import type { Log } from '../../ports/surroundings.ts'
import { createIdentity } from './app-identity.ts'
import { createMarkerSigner } from './comment-marker.ts'
import { createCalls } from './github-calls.ts'
import { createTokenSource } from './installation-tokens.ts'
import { createClients } from './octokit-clients.ts'
import { createReader } from './repository-reader.ts'
import { sendCheckRun } from './send-check-run.ts'
import { sendComment } from './send-comment.ts'
import { sendReaction } from './send-reaction.ts'

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
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** GitHub itself gives up after ten seconds. */
const TIMEOUT_MS = 15_000

/** Opens the door. Reads throw `GITHUB_REFUSED`, `GITHUB_RATE_LIMITED` or `GITHUB_UNAVAILABLE`; `send` never throws. */
export function createGitHub(options: GitHubOptions): GitHub & TokenSource {
  const now = options.now ?? Date.now
  const { throttle = true, timeoutMs = TIMEOUT_MS } = options
  const clients = createClients({ ...options, throttle, timeoutMs })
  const calls = createCalls(clients, now)
  const identity = createIdentity(clients, calls, now)
  const sign = createMarkerSigner(options.markerKey)
  const botLogin = async (): Promise<string> => (await identity()).botLogin
  return {
    identity,
    ...createReader(calls),
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
