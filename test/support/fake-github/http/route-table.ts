// All REST routes, and finding the one for a request.
import { appRoutes } from './app-routes.ts'
import { checkRoutes } from './check-routes.ts'
import { commentRoutes } from './comment-routes.ts'
import { deliveryRoutes } from './delivery-routes.ts'
import { gitRoutes } from './git-routes.ts'
import { jobLogRoutes } from './job-log-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import { reactionRoutes } from './reaction-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import type { Route } from './route.ts'
import { statusRoutes } from './status-routes.ts'

/** A route that fits a request, with the values of its parameters. */
export interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

const routes = [
  ...appRoutes,
  ...deliveryRoutes,
  ...repositoryRoutes,
  ...commentRoutes,
  ...reactionRoutes,
  ...pullRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...gitRoutes,
  ...jobLogRoutes,
].map((route) => ({ route, pattern: toPattern(route.route) }))

/** Returns the route for a method and a path, or undefined when nobody here can answer. */
export function findRoute(method: string, path: string): RouteMatch | undefined {
  for (const { route, pattern } of routes) {
    const match = pattern.exec(`${method} ${path}`)
    if (match !== null) return { route, params: decodeParams(match.groups ?? {}) }
  }
  return undefined
}

// `{path}` and `{ref}` may hold slashes; `{x_id}` and `{x_number}` are digits, so that `comments` is no number.
function toPattern(template: string): RegExp {
  const source = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'path' || name === 'ref') return `(?<${name}>.+)`
    return /_(id|number)$/.test(name) ? `(?<${name}>\\d+)` : `(?<${name}>[^/]+)`
  })
  return new RegExp(`^${source}$`)
}

function decodeParams(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]))
}
