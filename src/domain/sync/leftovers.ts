// The rules for what an agent left uncommitted: which files are committed in its name and which are left out. Pure.

import type { LeftOut, LeftOutReason } from './step.ts'

/** Files of this size and more are left out. */
export const LEFTOVER_MAX_BYTES = 1_000_000
/** At most this many files are committed. */
export const LEFTOVER_MAX_FILES = 200

/** One uncommitted path, as far as the rules need it. */
export interface Leftover<Path extends string = string> {
  readonly path: Path
  readonly kind: 'file' | 'link' | 'deletion' | 'nested_repository' | 'unreadable'
  readonly size: number
  /** Whether its content holds something that looks like a token; only asked for files that are small enough. */
  readonly holdsToken: boolean
}

export interface ChosenLeftovers<Path extends string> {
  readonly taken: readonly Path[]
  readonly leftOut: readonly { readonly path: Path; readonly reason: LeftOutReason }[]
}

/** Chooses what is committed, in the order given. */
export function chooseLeftovers<Path extends string>(
  candidates: readonly Leftover<Path>[],
): ChosenLeftovers<Path> {
  const taken: Path[] = []
  const leftOut: { path: Path; reason: LeftOutReason }[] = []
  for (const candidate of candidates) {
    const reason = refuse(candidate) ?? (taken.length >= LEFTOVER_MAX_FILES ? 'too_many' : null)
    if (reason === null) taken.push(candidate.path)
    else leftOut.push({ path: candidate.path, reason })
  }
  return { taken, leftOut }
}

function refuse(candidate: Leftover): LeftOut['reason'] | null {
  const { path, kind, size } = candidate
  if (kind === 'nested_repository' || kind === 'unreadable') return kind
  if (kind === 'deletion') return null
  if (hasSecretName(path) || candidate.holdsToken) return 'secret_like'
  return size >= LEFTOVER_MAX_BYTES ? 'too_large' : null
}

const SECRET_NAMES = [/^\.env/i, /\.pem$/i, /^id_/i]

/** Tells whether the file's name is one that usually holds secrets. */
export function hasSecretName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return SECRET_NAMES.some((pattern) => pattern.test(name))
}

/** What tokens and keys of widely used services look like. */
const TOKENS: readonly RegExp[] = [
  /\bgh[pousr]_[A-Za-z0-9]{36,}/,
  /\bgithub_pat_[A-Za-z0-9_]{50,}/,
  /\bglpat-[A-Za-z0-9_-]{20,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/,
  /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/,
  /\b[rs]k_live_[A-Za-z0-9]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bSG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/,
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
]

/** Tells whether a text holds something that looks like a token or a private key. */
export function holdsToken(text: string): boolean {
  return TOKENS.some((pattern) => pattern.test(text))
}
