// The nouns that are dangerous to mix up, as branded strings, and the ids people copy. Knows no storage.

declare const brand: unique symbol
type Brand<Name extends string> = string & { readonly [brand]: Name }

/** A full 40-character commit, tree or blob id. */
export type Sha = Brand<'Sha'>
/** A branch name without `refs/heads/`. */
export type BranchName = Brand<'BranchName'>
/** A full reference name such as `refs/heads/main`. */
export type RefName = Brand<'RefName'>

/** The id that git uses for "does not exist" in pushes and ref updates. */
export const ZERO_SHA = '0000000000000000000000000000000000000000' as Sha

/** Tells whether the text is a full object id. */
export function isSha(text: string): text is Sha {
  return /^[0-9a-f]{40}$/.test(text)
}

/** Returns the text as an object id, or throws when it is none: a broken world, not an outcome. */
export function toSha(text: string): Sha {
  if (!isSha(text)) throw new TypeError(`Not a full object id: ${JSON.stringify(text.slice(0, 60))}`)
  return text
}

const CONTROL_OR_SPECIAL = /[\u0000-\u0020\u007f~^:?*[\\]/

/**
 * Tells whether git and Belay accept the text as a branch name.
 *
 * Follows `git check-ref-format --branch` and refuses a leading dash as well, so a name can never be read as an option.
 */
export function isBranchName(text: string): text is BranchName {
  if (text === '' || text.length > 244 || text === '@') return false
  if (text.startsWith('-') || text.startsWith('/') || text.endsWith('/') || text.endsWith('.')) return false
  if (CONTROL_OR_SPECIAL.test(text) || text.includes('..') || text.includes('@{') || text.includes('//'))
    return false
  return text.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
}

/** Returns the text as a branch name, or throws. */
export function toBranchName(text: string): BranchName {
  if (!isBranchName(text)) throw new TypeError(`Not a branch name: ${JSON.stringify(text.slice(0, 60))}`)
  return text
}

/** Returns the full reference of a branch. */
export function branchRef(branch: BranchName): RefName {
  return `refs/heads/${branch}` as RefName
}

/** Returns the first seven characters, as people quote commits. */
export function shortSha(sha: Sha): string {
  return sha.slice(0, 7)
}

/** Returns the id of a session's n-th pipeline. */
export function pipelineId(sessionId: string, no: number): string {
  return `${sessionId}.${no}`
}

/** Returns the lane that serialises everything about one pull request. */
export function prLane(repositoryId: number, prNumber: number): string {
  return `${repositoryId}#${prNumber}`
}

/** Returns the id of a phase of a pipeline. */
export function phaseRunId(pipeline: string, name: string): string {
  return `${pipeline}/${name}`
}
