// What an installation may do, and what a person may do in a repository. Pure tables and comparisons.

/** The level of one permission of an installation. */
export type PermissionLevel = 'read' | 'write'

/** Permissions by name, for example `{ checks: 'write' }`. */
export type Permissions = Readonly<Record<string, PermissionLevel>>

/** A permission with its level, for example `checks:write`. */
export type PermissionNeed = `${string}:${PermissionLevel}`

/** The role of a person in a repository. */
export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'

/** A role as a test writes it: plain, or with the legacy permission of a custom role. */
export type RoleSpec = Role | { readonly role: string; readonly permission?: LegacyPermission }

/** The older four-step ladder that the permission endpoint answers beside the role. */
export type LegacyPermission = 'admin' | 'write' | 'read' | 'none'

/** A role ready to be answered. */
export interface GrantedRole {
  readonly roleName: string
  readonly permission: LegacyPermission
}

/** What Belay asks for when it is installed. */
export const appPermissions: Permissions = {
  actions: 'read',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  statuses: 'read',
  workflows: 'write',
}

const legacyOfRole: Readonly<Record<Role, LegacyPermission>> = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
}

/** Returns the role of a specification with its legacy permission. */
export function toGrantedRole(spec: RoleSpec): GrantedRole {
  const roleName = typeof spec === 'string' ? spec : spec.role
  const given = typeof spec === 'string' ? undefined : spec.permission
  const known = Object.entries(legacyOfRole).find(([role]) => role === roleName)
  return { roleName, permission: given ?? known?.[1] ?? 'read' }
}

/** Returns whether the permissions hold what is needed; write includes read. */
export function hasPermission(granted: Permissions, need: PermissionNeed): boolean {
  const [name = '', level] = need.split(':')
  const held = granted[name]
  return held === 'write' || (held === 'read' && level === 'read')
}
