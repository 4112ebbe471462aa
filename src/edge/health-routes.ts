// Whether the process lives and whether it can take work. Knows no check by name.

import { AppError, toEnvelope } from '../domain/errors/app-error.ts'
import type { HttpReply, HttpRequest, Route } from './http-exchange.ts'

/** How long an answer of the checks is reused: a probe every second must not become work. */
const CACHE_MS = 5_000
/** Bad news is asked again sooner: at start the next probe should see that the process is ready. */
const FAILING_CACHE_MS = 250
/** A check that hangs has failed. */
const CHECK_TIMEOUT_MS = 2_000

/** A named check; false or a rejection means not ready. */
export type ReadyCheck = () => Promise<boolean>

export interface HealthRoutesParts {
  readonly checks: Readonly<Record<string, ReadyCheck>>
  /** What an operator should know although the process can take work; true means that something is wrong. */
  readonly warnings: Readonly<Record<string, () => boolean>>
  /** Asked on every request, never cached. */
  readonly isDraining: () => boolean
  readonly now: () => number
}

interface Readiness {
  /** When it is asked again. */
  expiresAt: number
  readonly checks: Promise<Readonly<Record<string, boolean>>>
}

/** Returns `GET /healthz` and `GET /readyz`; neither needs a token nor tells more than names of checks. */
export function healthRoutes(parts: HealthRoutesParts): readonly Route[] {
  let last: Readiness | null = null
  async function answerReady(request: HttpRequest): Promise<HttpReply> {
    if (last === null || parts.now() >= last.expiresAt) {
      last = { expiresAt: parts.now() + CACHE_MS, checks: runChecks(parts.checks) }
    }
    const readiness = last
    const results = await readiness.checks
    if (Object.values(results).includes(false)) {
      readiness.expiresAt = Math.min(readiness.expiresAt, parts.now() + FAILING_CACHE_MS)
    }
    const checks = { ...results, not_draining: !parts.isDraining() }
    const failing = Object.entries(checks).flatMap(([name, isGood]) => (isGood ? [] : [name]))
    const warnings = Object.entries(parts.warnings).flatMap(([name, isWrong]) => (isWrong() ? [name] : []))
    if (failing.length === 0) return { status: 200, body: { ready: true, checks, warnings } }
    const { status, body } = toEnvelope(new AppError('NOT_READY', { failing }), request.requestId)
    return { status, body: { ready: false, checks, warnings, ...body } }
  }
  return [
    {
      method: 'GET',
      pattern: '/healthz',
      handle: () => Promise.resolve({ status: 200, body: { alive: true } }),
    },
    { method: 'GET', pattern: '/readyz', handle: answerReady },
  ]
}

async function runChecks(
  checks: Readonly<Record<string, ReadyCheck>>,
): Promise<Readonly<Record<string, boolean>>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await isPassed(check)] as const)
  return Object.fromEntries(await Promise.all(results))
}

async function isPassed(check: ReadyCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS)
  })
  try {
    return await Promise.race([check(), late])
  } catch {
    // A check that throws has failed; what failed is logged by whoever owns it.
    return false
  } finally {
    clearTimeout(timer)
  }
}
