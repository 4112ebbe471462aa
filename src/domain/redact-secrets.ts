// Takes secrets out of texts that are kept or shown: error messages of tools and libraries. Knows patterns only.

const HIDDEN = '[removed]'

/** What a secret looks like; each pattern matches the secret part alone or keeps its label as the first group. */
const SECRETS: readonly RegExp[] = [
  /()\bgh[a-z]_[A-Za-z0-9_]{16,}/g,
  /()\bgithub_pat_[A-Za-z0-9_]{16,}/g,
  /()\bsk-[A-Za-z0-9_-]{16,}/g,
  /()\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b((?:authorization\s*[:=]\s*)?(?:basic|bearer|token)\s+)[A-Za-z0-9+/=._~-]{8,}/gi,
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}:)[^\s/@]{1,500}(?=@)/gi,
]

/**
 * Returns the text without tokens, keys and passwords in addresses.
 *
 * A net below the rule that no secret gets into a message in the first place, not a replacement for it.
 */
export function redactSecrets(text: string): string {
  return SECRETS.reduce(
    (kept, pattern) => kept.replace(pattern, (_match, label: string) => `${label}${HIDDEN}`),
    text,
  )
}
