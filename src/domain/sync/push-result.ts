// Git's and GitHub's words about a refused push or fetch to our names for it. Pure; knows texts only.

import type { PushResult } from './step.ts'

interface Word {
  readonly result: Exclude<PushResult, 'pushed' | 'unknown'>
  readonly says: RegExp
}

/**
 * The words, the most telling first: one refusal often carries several of them.
 *
 * GitHub reports secrets, signatures and plain rules all as GH013, and a missing permission as "remote rejected".
 */
const WORDS: readonly Word[] = [
  {
    result: 'secret_found',
    says: /GITHUB PUSH PROTECTION|Push cannot contain secrets|GH009|Secrets detected/i,
  },
  { result: 'signature_required', says: /Commits must have (?:verified|valid) signatures|must be signed/i },
  {
    result: 'workflow_permission',
    says: /refusing to allow .{1,80} to create or update workflow|without `workflows?` (?:permission|scope)/i,
  },
  {
    result: 'too_large',
    says: /GH001|Large files detected|exceeds GitHub's file size limit|pack exceeds maximum allowed size|RPC failed; HTTP 413|returned error: 413/i,
  },
  { result: 'archived', says: /was archived so it is read-only|repository (?:is|has been) archived/i },
  { result: 'ruleset', says: /GH013|repository rule violations/i },
  {
    result: 'protected',
    says: /GH003|GH006|Protected branch|protected branch hook declined|deny updating a hidden ref|deny(?:ing)? (?:non-fast-forward|ref deletion)/i,
  },
  {
    result: 'non_fast_forward',
    says: /\(stale info\)|non-fast-forward|\(fetch first\)|\(needs force\)|\(already exists\)|cannot lock ref|reference already exists|failed to update ref|incorrect old value/i,
  },
  {
    result: 'auth',
    says: /Authentication failed|Invalid username or (?:password|token)|could not read (?:Username|Password)|Permission to .{1,200} denied|Write access to repository not granted|Repository not found|repository '.{1,300}' not found|returned error: (?:401|403|404)|HTTP 40[13]|terminal prompts disabled/i,
  },
  {
    result: 'network',
    says: /Could not resolve (?:host|proxy)|Failed to connect|Connection (?:refused|reset|timed out)|Couldn't connect|Operation (?:timed out|too slow)|unexpected disconnect|early EOF|hung up unexpectedly|the remote end hung up|RPC failed|returned error: (?:429|5\d\d)|SSL_ERROR|gnutls_handshake|TLS|Empty reply from server|transfer closed|it was ended|Internal Server Error|fatal error in commit_refs|remote failed to report status/i,
  },
]

/** Returns why the remote did not take a push, from everything git printed. */
export function classifyPush(words: string): Exclude<PushResult, 'pushed'> {
  return WORDS.find(({ says }) => says.test(words))?.result ?? 'unknown'
}

/** Returns why the remote could not be read, from everything git printed. */
export function classifyFetch(words: string): 'auth' | 'network' | 'unknown' {
  const result = WORDS.find(
    (word) => (word.result === 'auth' || word.result === 'network') && word.says.test(words),
  )?.result
  return result === 'auth' || result === 'network' ? result : 'unknown'
}
