// Finds the route for a method and a path. Pure; knows no socket.

import type { Route } from './http-exchange.ts'

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  /** The address exists, with other methods. */
  | { readonly kind: 'wrong_method'; readonly allowed: readonly string[] }
  /** The path has a percent sequence that is none. */
  | { readonly kind: 'bad_path' }
  | { readonly kind: 'not_found' }

/** Returns the route that serves the request; `HEAD` is served by `GET` routes. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const wanted = method === 'HEAD' ? 'GET' : method
  const allowed = new Set<string>()
  for (const route of routes) {
    const raw = matchPattern(route.pattern, path)
    if (raw === null) continue
    if (route.method !== wanted) {
      allowed.add(route.method)
      continue
    }
    const params = decodeParams(raw)
    return params === null ? { kind: 'bad_path' } : { kind: 'found', route, params }
  }
  return allowed.size > 0 ? { kind: 'wrong_method', allowed: [...allowed] } : { kind: 'not_found' }
}

function matchPattern(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return null
  const raw: Record<string, string> = {}
  for (const [position, segment] of wanted.entries()) {
    const value = given[position] ?? ''
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name === undefined ? segment !== value : value === '') return null
    if (name !== undefined) raw[name] = value
  }
  return raw
}

function decodeParams(raw: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  try {
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    // decodeURIComponent throws on a malformed sequence, and on nothing else.
    return null
  }
}
