// What the doctor found, in words: what it is, and when it is not good, what to do. Knows no database and no network.

import { assertNever } from '../assert-never.ts'
import type { Finding } from './cli.ts'

interface Failed {
  readonly failure: string
}

/** Whether the first agent of the catalogue could start. */
type AgentFound =
  | { readonly kind: 'found'; readonly agent: string }
  | { readonly kind: 'unknown_agent'; readonly agent: string }
  | { readonly kind: 'binary_not_found'; readonly agent: string; readonly binary: string }
  | { readonly kind: 'isolation_refused'; readonly reason: 'unset' | 'not_available_yet' }

/** What was looked at; `failure` says why it could not be good. */
export type Examined =
  | ({ readonly check: 'configuration' } & ({ readonly folder: string } | Failed))
  | ({ readonly check: 'github' } & ({ readonly value: string } | Failed))
  | ({ readonly check: 'runner' } & ({ readonly value: AgentFound } | Failed))
  | ({ readonly check: 'database' } & ({ readonly migrated: boolean } | Failed))
  | {
      readonly check: 'stuck'
      readonly deadDeliveries: number
      readonly deadJobs: number
      readonly deadEffects: number
    }

/** Returns one line of the report. */
export function renderFinding(examined: Examined): Finding {
  const { check } = examined
  if ('failure' in examined) return { check, verdict: 'bad', detail: examined.failure }
  switch (examined.check) {
    case 'configuration':
      return { check, verdict: 'good', detail: `complete, read in ${examined.folder}` }
    case 'runner':
      return runner(examined.value)
    case 'github':
      return { check, verdict: 'good', detail: `reached as ${examined.value}` }
    case 'database':
      return examined.migrated
        ? { check, verdict: 'good', detail: 'up to date' }
        : {
            check,
            verdict: 'warning',
            detail: 'not up to date; `belay start` and `belay migrate` bring it there',
          }
    case 'stuck':
      return stuck(examined)
    default:
      return assertNever(examined)
  }
}

function stuck(examined: Extract<Examined, { readonly check: 'stuck' }>): Finding {
  const { check, deadDeliveries, deadJobs, deadEffects } = examined
  if (deadDeliveries + deadJobs + deadEffects === 0)
    return { check, verdict: 'good', detail: 'nothing was given up' }
  const detail = `given up: ${deadDeliveries} deliveries, ${deadJobs} jobs, ${deadEffects} writes to GitHub; \`belay inbox list --status dead\` shows the deliveries`
  return { check, verdict: 'warning', detail }
}

function runner(found: AgentFound): Finding {
  const check = 'runner'
  switch (found.kind) {
    case 'found':
      return {
        check,
        verdict: 'good',
        detail: `git is new enough; a run starts ${found.agent} when nobody names an agent`,
      }
    case 'unknown_agent':
      return {
        check,
        verdict: 'bad',
        detail: `there is no agent ${found.agent}; add one in the file that BELAY_AGENTS_FILE names`,
      }
    case 'binary_not_found':
      return {
        check,
        verdict: 'bad',
        detail: `the program ${found.binary} of the agent ${found.agent} is not on this machine; install it, or correct BELAY_AGENTS_FILE`,
      }
    case 'isolation_refused':
      return { check, verdict: 'bad', detail: ISOLATION[found.reason] }
    default:
      return assertNever(found)
  }
}

const ISOLATION = {
  unset:
    'BELAY_ISOLATION is not set, so runs are refused; set `wrapper` with BELAY_AGENT_WRAPPER, or accept `none`',
  not_available_yet: 'BELAY_ISOLATION=bubblewrap is not available in this version; set `wrapper` or `none`',
} as const
