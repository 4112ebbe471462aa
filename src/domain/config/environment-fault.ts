// What can be wrong with the operator's environment, as facts. The sentences are in text/start-up.ts.

import type { EnvironmentVariable } from './environment-variables.ts'

/** A reason to refuse to start. */
export type EnvironmentFault =
  | { readonly kind: 'missing'; readonly variable: EnvironmentVariable }
  /** Neither PRIVATE_KEY nor PRIVATE_KEY_PATH. */
  | { readonly kind: 'private_key_missing'; readonly variable: EnvironmentVariable }
  | { readonly kind: 'private_key_unreadable'; readonly variable: EnvironmentVariable; readonly path: string }
  | { readonly kind: 'private_key_invalid'; readonly variable: EnvironmentVariable }
  | { readonly kind: 'secret_default'; readonly variable: EnvironmentVariable }
  | { readonly kind: 'too_short'; readonly variable: EnvironmentVariable; readonly minimum: number }
  /** `wanted` completes "must be …". The value is only quoted where it can not be a secret. */
  | {
      readonly kind: 'wrong_value'
      readonly variable: EnvironmentVariable
      readonly value: string
      readonly wanted: string
    }
  | {
      readonly kind: 'token_entry_invalid'
      readonly variable: EnvironmentVariable
      readonly position: number
    }
  | { readonly kind: 'token_repeated'; readonly variable: EnvironmentVariable; readonly position: number }
  | { readonly kind: 'wrapper_missing'; readonly variable: EnvironmentVariable }
  /** A wrapper that would never be used: somebody believes agents are isolated. */
  | { readonly kind: 'wrapper_unused'; readonly variable: EnvironmentVariable }
  | { readonly kind: 'wrapper_invalid'; readonly variable: EnvironmentVariable }
  | { readonly kind: 'not_available_yet'; readonly variable: EnvironmentVariable }

/** Worth a line at start, no reason to refuse it. */
export type EnvironmentNotice =
  | { readonly kind: 'isolation_unset' }
  | { readonly kind: 'isolation_not_available' }
  | { readonly kind: 'secret_short'; readonly length: number; readonly recommended: number }
  /** A BELAY_ variable nobody reads, with the one that was probably meant. */
  | { readonly kind: 'unknown_variable'; readonly variable: string; readonly nearest: EnvironmentVariable }

/** A value, or why there is none. */
export type Checked<T> =
  { readonly kind: 'good'; readonly value: T } | { readonly kind: 'faulty'; readonly fault: EnvironmentFault }

export function good<T>(value: T): Checked<T> {
  return { kind: 'good', value }
}

export function faulty<T>(fault: EnvironmentFault): Checked<T> {
  return { kind: 'faulty', fault }
}
