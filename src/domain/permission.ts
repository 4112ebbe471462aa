// The ladder of repository roles, and who counts as a stranger. Knows no command: what a verb needs is in
// command/grammar.ts, and the decision itself in command/may-run.ts.

/** Lists GitHub's repository roles from the lowest to the highest. */
export const ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const

/** Names one step of the ladder. */
export type Role = (typeof ROLES)[number]

/** Tells whether a text is the name of one of the built-in roles. */
export function isRole(text: string): text is Role {
  return ROLES.some((role) => role === text)
}

/** Tells whether `role` is `floor` or higher. */
export function roleAtLeast(role: Role, floor: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(floor)
}

/** Returns the higher one of two roles. */
export function higherRole(one: Role, other: Role): Role {
  return roleAtLeast(one, other) ? one : other
}

/**
 * Returns the role that GitHub's collaborator-permission answer stands for.
 *
 * `roleName` is exact for built-in roles. An organisation's own role carries a name nobody here knows; then the
 * coarse `permission` (`admin`, `write`, `read`, `none`) says what it may do. Anything unknown is `none`.
 */
export function roleFromPermission(answer: { readonly permission: string; readonly roleName: string }): Role {
  if (isRole(answer.roleName)) return answer.roleName
  return isRole(answer.permission) ? answer.permission : 'none'
}

/**
 * Tells whether a person has no standing in the repository.
 *
 * On a public repository everybody can read, so `read` says nothing about a person there.
 */
export function isStranger(person: { readonly role: Role; readonly isPrivateRepository: boolean }): boolean {
  return !roleAtLeast(person.role, person.isPrivateRepository ? 'read' : 'triage')
}
