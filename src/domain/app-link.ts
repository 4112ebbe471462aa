// The link to GitHub's form for a new App, with everything filled in that app.yml asks for.
// Format: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-using-url-parameters

import { EVENTS_NEEDED, PERMISSIONS_NEEDED } from './permissions-needed.ts'

export interface AppLinkFacts {
  /** Where GitHub reaches this program, such as `https://belay.example.com`; a path is the webhook's own. */
  readonly address: URL
  /** The organisation that shall own the App; null makes it the person's own. */
  readonly owner: string | null
  readonly name: string
  /** `https://github.com`, or the address of an Enterprise Server. */
  readonly webUrl: string
}

const WEBHOOK_PATH = '/api/github/webhooks'

/** Returns the link. */
export function appLink({ address, owner, name, webUrl }: AppLinkFacts): string {
  const webhook = new URL(address)
  if (webhook.pathname === '/') webhook.pathname = WEBHOOK_PATH
  const form = new URLSearchParams({
    name,
    url: address.origin,
    public: 'false',
    webhook_active: 'true',
    webhook_url: webhook.href,
  })
  for (const [permission, { access }] of Object.entries(PERMISSIONS_NEEDED)) form.set(permission, access)
  for (const event of Object.keys(EVENTS_NEEDED)) form.append('events[]', event)
  const place =
    owner === null ? '/settings/apps/new' : `/organizations/${encodeURIComponent(owner)}/settings/apps/new`
  return `${webUrl}${place}?${form.toString()}`
}
