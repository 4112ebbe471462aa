// What the doctor found, in words: what it is, and when it is not good, what to do. Knows no database and no network.

import { assertNever } from '../assert-never.ts'
import { PERMISSIONS_NEEDED, type AccessFault, type PermissionName } from '../permissions-needed.ts'
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
  | { readonly check: 'access'; readonly faults: readonly AccessFault[] }
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
    case 'access':
      return access(examined.faults)
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

function access(faults: readonly AccessFault[]): Finding {
  const check = 'access'
  if (faults.length === 0) return { check, verdict: 'good', detail: 'every installation can be read' }
  return { check, verdict: 'bad', detail: faults.map(accessFault).join('; ') }
}

function accessFault(fault: AccessFault): string {
  switch (fault.kind) {
    case 'unreachable':
      return `the installations could not be listed: ${fault.reason}`
    case 'suspended':
      return `the installation of ${fault.account} is suspended; its owner can lift that in the settings of GitHub`
    case 'permissions_missing':
      return `${fault.account} does not give ${fault.missing.map(permissionNeed).join(', ')}; accept the permissions of the App in its settings there`
    default:
      return assertNever(fault)
  }
}

function permissionNeed(name: PermissionName): string {
  const { access: level, purpose } = PERMISSIONS_NEEDED[name]
  return `${name}: ${level} (${purpose})`
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
