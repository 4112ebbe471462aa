// Reads the values of the environment that have an inner form: the private key, API tokens, isolation.
// A fault never carries the value itself: most of them are secrets.

import { faulty, good, type Checked } from './environment-fault.ts'
import type { ApiToken, Isolation } from './operator-config.ts'

/** A token that can be guessed is a door. */
const TOKEN_MINIMUM = 8

export interface PrivateKeySource {
  readonly inline: string | null
  readonly path: string | null
  /** Returns the file's text, or null when it can not be read. */
  readonly readFile: (path: string) => string | null
  readonly isPrivateKey: (pem: string) => boolean
}

/** Reads the App's private key: PEM with real or written `\n`, PEM in base64, or a file; PRIVATE_KEY wins. */
export function toPrivateKey(source: PrivateKeySource): Checked<string> {
  const { inline, path } = source
  if (inline !== null) {
    const pem = toPem(inline)
    const isGood = pem !== null && source.isPrivateKey(pem)
    return isGood ? good(pem) : faulty({ kind: 'private_key_invalid', variable: 'PRIVATE_KEY' })
  }
  if (path === null) return faulty({ kind: 'private_key_missing', variable: 'PRIVATE_KEY' })
  const text = source.readFile(path)
  if (text === null) return faulty({ kind: 'private_key_unreadable', variable: 'PRIVATE_KEY_PATH', path })
  const pem = toPem(text.trim())
  if (pem === null || !source.isPrivateKey(pem)) {
    return faulty({ kind: 'private_key_invalid', variable: 'PRIVATE_KEY_PATH' })
  }
  return good(pem)
}

function toPem(text: string): string | null {
  const plain = text.replaceAll('\\n', '\n').replaceAll('\r\n', '\n')
  const pem = plain.includes('-----BEGIN') ? plain : decodeBase64(plain)
  return pem !== null && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem) ? `${pem.trim()}\n` : null
}

function decodeBase64(text: string): string | null {
  try {
    return atob(text.replace(/\s+/g, ''))
  } catch {
    // atob throws on anything that is not base64, and on nothing else.
    return null
  }
}

/** Reads BELAY_API_TOKEN: `name:token[,name:token]`; a bare token is named `api`. Two tokens may share a name. */
export function toApiTokens(text: string | null): Checked<readonly ApiToken[]> {
  const variable = 'BELAY_API_TOKEN'
  const tokens: ApiToken[] = []
  for (const [index, entry] of (text ?? '').split(',').entries()) {
    if (entry.trim() === '') continue
    const position = index + 1
    const [, name = 'api', named, bare] =
      /^(?:([A-Za-z0-9][\w.-]{0,39}):(\S+)|([^\s:]+))$/.exec(entry.trim()) ?? []
    const token = named ?? bare ?? ''
    if (token.length < TOKEN_MINIMUM) return faulty({ kind: 'token_entry_invalid', variable, position })
    if (tokens.some((other) => other.token === token))
      return faulty({ kind: 'token_repeated', variable, position })
    tokens.push({ name, token })
  }
  return good(tokens)
}

/** Reads BELAY_ISOLATION with BELAY_AGENT_WRAPPER. */
export function toIsolation(kind: string | null, wrapper: string | null): Checked<Isolation> {
  if (wrapper !== null && kind !== 'wrapper') {
    return faulty({ kind: 'wrapper_unused', variable: 'BELAY_AGENT_WRAPPER' })
  }
  switch (kind) {
    case null:
      return good({ kind: 'unset' })
    case 'none':
      return good({ kind: 'none' })
    case 'bubblewrap':
      return good({ kind: 'bubblewrap' })
    case 'wrapper':
      return toWrapper(wrapper)
    default: {
      const wanted = '`bubblewrap`, `wrapper` or `none`'
      return faulty({ kind: 'wrong_value', variable: 'BELAY_ISOLATION', value: kind.slice(0, 80), wanted })
    }
  }
}

function toWrapper(text: string | null): Checked<Isolation> {
  const variable = 'BELAY_AGENT_WRAPPER'
  if (text === null) return faulty({ kind: 'wrapper_missing', variable })
  const argv = text.startsWith('[') ? fromJson(text) : fromWords(text)
  return argv === null ? faulty({ kind: 'wrapper_invalid', variable }) : good({ kind: 'wrapper', argv })
}

function fromJson(text: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list) || list.length === 0) return null
    const words = list.filter((word): word is string => typeof word === 'string' && word !== '')
    return words.length === list.length ? words : null
  } catch {
    // Not JSON: the fault says what is wanted.
    return null
  }
}

/** Plain words only: guessing what a quote meant could put an agent outside its cage. */
function fromWords(text: string): readonly string[] | null {
  return /["'\\`$]/.test(text) ? null : text.split(/\s+/)
}
