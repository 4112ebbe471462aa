// What each refusal of a push means and what a person can do about it.

import type { PushResult } from '../sync/step.ts'

/** A push that did not happen. */
export type PushRefusal = Exclude<PushResult, 'pushed'>

/** Why it was refused and what helps, in full sentences. */
export interface PushRefusalText {
  readonly meaning: string
  readonly cure: string
}

const REFUSALS: Readonly<Record<PushRefusal, PushRefusalText>> = {
  non_fast_forward: {
    meaning: 'The branch moved on GitHub while Belay pushed.',
    cure: 'Choose `continue`: Belay syncs with the new commits and pushes again.',
  },
  protected: {
    meaning: 'A branch protection rule does not let the App push to this branch.',
    cure: 'Let the App bypass the rule, or give the pull request a branch without it. Then choose `continue`.',
  },
  ruleset: {
    meaning: 'A repository rule refused the push.',
    cure: 'Read the rule that GitHub names below and let the App bypass it, or change the commits. Then choose `continue`.',
  },
  signature_required: {
    meaning: 'The branch takes signed commits only, and the commits of the worktree are not signed.',
    cure: 'Lift the rule for the App on this branch. Then choose `continue`.',
  },
  secret_found: {
    meaning: 'GitHub found something that looks like a secret in the commits and refused them.',
    cure: 'Revoke the secret if it is one, take it out of the commits, or allow it on the page that GitHub names. Then choose `continue`.',
  },
  workflow_permission: {
    meaning: 'The commits change files below `.github/workflows`, and the App may not do that.',
    cure: 'Grant the App the permission "workflows: write", or take the change out. Then choose `continue`.',
  },
  too_large: {
    meaning: 'A file in the commits, or all of them together, is larger than GitHub takes.',
    cure: 'Take the file out of the commits or store it with Git LFS. Then choose `continue`.',
  },
  archived: {
    meaning: 'The repository is archived and takes no push.',
    cure: 'Unarchive the repository, then choose `continue`.',
  },
  auth: {
    meaning: 'GitHub did not accept the App for this push.',
    cure: 'Check that the App is still installed here with the permission "contents: write". Then choose `continue`.',
  },
  network: {
    meaning: 'GitHub could not be reached, or could not take the push at that moment.',
    cure: 'Choose `continue` when GitHub answers again.',
  },
  unknown: {
    meaning: 'The push was refused for a reason Belay does not know.',
    cure: 'Read what git said below. Choose `continue` when the reason is gone.',
  },
}

/** Returns why a push was refused and what helps. */
export function pushRefusalText(refusal: PushRefusal): PushRefusalText {
  return REFUSALS[refusal]
}

/** Tells whether a stored word is the name of a refusal. */
export function isPushRefusal(word: string): word is PushRefusal {
  return Object.hasOwn(REFUSALS, word)
}
