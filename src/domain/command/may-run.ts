// Decides whether a person may run a verb. Knows roles and the grammar only; the role must be the one GitHub reports
// at that moment, because authorship is no permission.

import { higherRole, isStranger, roleAtLeast } from '../permission.ts'
import type { Role } from '../permission.ts'
import { commandSpec, verbOfOption } from './grammar.ts'
import type { LaterVerb, Verb } from './grammar.ts'

/** Holds what a repository asks for beyond the defaults. It can raise a need, never lower it. */
export type ConfiguredPermissions = { readonly [V in Verb | LaterVerb]?: Role }

/** Says whether a verb may run; a stranger gets no words, a refused member hears what is needed. */
export type MayRun =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'stranger' }
  | { readonly kind: 'refused'; readonly needs: Role }

/** Holds what the decision is made from. */
export interface MayRunFacts {
  readonly verb: Verb
  readonly role: Role
  readonly isPrivateRepository: boolean
  readonly configured: ConfiguredPermissions
  /** The option that `answer` names: it needs whatever the short form of that option needs. */
  readonly option?: string | null
}

/** Decides whether a person may run a verb in a repository. */
export function mayRun(facts: MayRunFacts): MayRun {
  if (isStranger(facts)) return { kind: 'stranger' }
  const needs = neededRole(facts)
  return roleAtLeast(facts.role, needs) ? { kind: 'allowed' } : { kind: 'refused', needs }
}

/**
 * Returns the role that a verb needs in a repository.
 *
 * Invariant: `answer abort` never needs less than `abort`, or the long form would be the way around the short one.
 */
export function neededRole(facts: Pick<MayRunFacts, 'verb' | 'configured' | 'option'>): Role {
  const own = raisedRole(facts.verb, facts.configured)
  const short = facts.verb === 'answer' && facts.option ? verbOfOption(facts.option) : null
  return short === null ? own : higherRole(own, raisedRole(short, facts.configured))
}

function raisedRole(verb: Verb, configured: ConfiguredPermissions): Role {
  const spec = commandSpec(verb)
  const floor = spec.changes ? higherRole(spec.needs, 'write') : spec.needs
  const asked = Object.hasOwn(configured, verb) ? configured[verb] : undefined
  return asked === undefined ? floor : higherRole(floor, asked)
}
