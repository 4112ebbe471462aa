// How GitHub writes an app.
import { nodeId } from '../ids.ts'
import type { FakeApp, World } from '../world.ts'
import { toUserJson } from './user-json.ts'

/** The events the App is subscribed to. */
export const appEvents: readonly string[] = [
  'check_run',
  'check_suite',
  'issue_comment',
  'issues',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'repository',
  'status',
]

/** Returns an app. */
export function toAppJson(world: World, app: FakeApp): Record<string, unknown> {
  return {
    id: app.id,
    ...(app === world.app && { client_id: world.app.clientId }),
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: toUserJson(world, app.owner),
    name: app.slug,
    description: '',
    external_url: `${world.links.html}/apps/${app.slug}`,
    html_url: `${world.links.html}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app === world.app ? appEvents : [],
  }
}
