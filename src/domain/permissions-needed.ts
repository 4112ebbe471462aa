// What the App asks GitHub for, and what each is for. app.yml must say the same; a test compares them.

export interface PermissionNeed {
  readonly access: 'read' | 'write'
  /** What stops working without it, in a few words. */
  readonly purpose: string
  /** Without an optional one the App still does its main job. */
  readonly isOptional: boolean
}

const need = (access: 'read' | 'write', purpose: string): PermissionNeed => ({
  access,
  purpose,
  isOptional: false,
})
const wish = (access: 'read' | 'write', purpose: string): PermissionNeed => ({
  access,
  purpose,
  isOptional: true,
})

/** Repository permissions by their name in a manifest. */
export const PERMISSIONS_NEEDED = {
  metadata: need('read', 'knowing the repository and the role of whoever commands'),
  contents: need('write', 'pushing commits and backup refs, reading `.github/belay.yml`, resolving threads'),
  pull_requests: need('write', 'reading pull requests and reviews, opening draft pull requests'),
  issues: need('write', 'commands, comments and reactions'),
  checks: need('write', 'the check run `Belay` and its buttons'),
  statuses: need('read', 'seeing what other services say about a commit'),
  actions: need('read', 'the last lines of a failed job'),
  merge_queues: wish('read', 'being told about merge groups'),
  workflows: wish('write', 'pushing commits that touch `.github/workflows`'),
} as const satisfies Record<string, PermissionNeed>

export type PermissionName = keyof typeof PERMISSIONS_NEEDED

/** Webhook events by name, with the permission that GitHub ties each to; installation events come by themselves. */
export const EVENTS_NEEDED = {
  issue_comment: 'issues',
  issues: 'issues',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  pull_request_review_comment: 'pull_requests',
  pull_request_review_thread: 'pull_requests',
  push: 'contents',
  check_run: 'checks',
  check_suite: 'checks',
  status: 'statuses',
  merge_group: 'merge_queues',
  repository: 'metadata',
} as const satisfies Record<string, PermissionName>

/** Events GitHub sends to every App. */
export const EVENTS_WITHOUT_SUBSCRIPTION: readonly string[] = ['installation', 'installation_repositories']

/** Returns the permissions that an installation does not give although the App needs them, by name. */
export function missingPermissions(granted: Readonly<Record<string, string>>): readonly PermissionName[] {
  const names = Object.keys(PERMISSIONS_NEEDED) as PermissionName[]
  return names.filter((name) => {
    const { access, isOptional } = PERMISSIONS_NEEDED[name]
    const given = granted[name]
    const isEnough = given === 'admin' || given === 'write' || (given === 'read' && access === 'read')
    return !isOptional && !isEnough
  })
}

/** What keeps Belay from seeing or doing what it is installed for. */
export type AccessFault =
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'suspended'; readonly account: string }
  | {
      readonly kind: 'permissions_missing'
      readonly account: string
      readonly missing: readonly PermissionName[]
    }
