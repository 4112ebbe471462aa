// What a call asks for, seen from outside: whether it only reads, whether it is the same as another, how much it wants.
// Looks at texts and numbers; whether they make sense is decided by who answers.
import { isObject } from './request-body.ts'

/** A call before anybody understood it. */
export interface AskedCall {
  readonly method: string
  readonly url: URL
  readonly bytes: Buffer
  readonly isGraphql: boolean
}

/** Returns a text that is equal for calls of one actor that ask the same, or undefined for calls that may write. */
export function toQuestion({ method, url, bytes, isGraphql }: AskedCall, actor: string): string | undefined {
  if (isGraphql) {
    const { query } = readGraphql(bytes)
    return /(^|[\s}])mutation\b/.test(query) ? undefined : `${actor} graphql ${bytes.toString()}`
  }
  return method === 'GET' ? `${actor} ${url.href}` : undefined
}

/** Returns the largest page a call asks for, or 0 when it names none. */
export function largestPageOf({ url, bytes, isGraphql }: AskedCall): number {
  if (!isGraphql) return Number(url.searchParams.get('per_page') ?? 0)
  const { query, variables } = readGraphql(bytes)
  const sizes = [...query.matchAll(/\b(?:first|last)\s*:\s*(\d+|\$\w+)/g)].map(([, size = '']) =>
    Number(size.startsWith('$') ? variables[size.slice(1)] : size),
  )
  return Math.max(0, ...sizes.filter(Number.isFinite))
}

function readGraphql(bytes: Buffer): {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
} {
  try {
    const body: unknown = JSON.parse(bytes.toString())
    if (!isObject(body)) return nothingAsked
    const { query, variables } = body
    return {
      query: typeof query === 'string' ? query : '',
      variables: isObject(variables) ? variables : {},
    }
  } catch {
    return nothingAsked
  }
}

const nothingAsked = { query: '', variables: {} }
