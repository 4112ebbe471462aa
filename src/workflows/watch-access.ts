// Whether Belay can see what it is to mirror: asked at start and now and then, logged loudly once for each fault, shown
// by `/readyz`. Never gives up: access that comes back is seen without a restart.

import { isAppError } from '../domain/errors/app-error.ts'
import { missingPermissions, type AccessFault } from '../domain/permissions-needed.ts'
import type { Deps } from './deps.ts'

export interface AccessWatch {
  /** Asks GitHub and says what is wrong now. */
  look(): Promise<readonly AccessFault[]>
  /** What the last look found; null before the first. */
  last(): readonly AccessFault[] | null
}

/** Makes the watch; nothing is asked yet. */
export function createAccessWatch(deps: Pick<Deps, 'health' | 'log'>): AccessWatch {
  let found: readonly AccessFault[] | null = null
  return {
    async look() {
      const faults = await findAccessFaults(deps)
      announce(deps, { before: found ?? [], now: faults })
      found = faults
      return faults
    },
    last: () => found,
  }
}

/** Returns what keeps Belay from seeing its installations. */
export async function findAccessFaults({ health }: Pick<Deps, 'health'>): Promise<readonly AccessFault[]> {
  try {
    const installations = await health.listInstallations()
    return installations.flatMap(({ account, isSuspended, permissions }): readonly AccessFault[] => {
      if (isSuspended) return [{ kind: 'suspended', account }]
      const missing = missingPermissions(permissions)
      return missing.length === 0 ? [] : [{ kind: 'permissions_missing', account, missing }]
    })
  } catch (error) {
    return [{ kind: 'unreachable', reason: isAppError(error) ? error.message : String(error) }]
  }
}

interface Faults {
  readonly before: readonly AccessFault[]
  readonly now: readonly AccessFault[]
}

function announce({ log }: Pick<Deps, 'log'>, { before, now }: Faults): void {
  const known = new Set(before.map(keyOf))
  for (const fault of now) if (!known.has(keyOf(fault))) log.error({ fault }, 'github_access_faulty')
  if (before.length > 0 && now.length === 0) log.info({}, 'github_access_restored')
}

function keyOf(fault: AccessFault): string {
  return JSON.stringify(fault)
}
