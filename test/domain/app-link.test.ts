import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { appLink } from '../../src/domain/app-link.ts'

const facts = {
  address: new URL('https://belay.example.com'),
  owner: null,
  name: 'Belay',
  webUrl: 'https://github.com',
}

describe('appLink', () => {
  it('asks for exactly the permissions and events of app.yml', () => {
    const link = new URL(appLink(facts))
    const manifest = parse(readFileSync(new URL('../../app.yml', import.meta.url), 'utf8')) as {
      default_permissions: Record<string, string>
      default_events: readonly string[]
    }
    for (const [permission, access] of Object.entries(manifest.default_permissions)) {
      expect(link.searchParams.get(permission)).toBe(access)
    }
    expect(link.searchParams.getAll('events[]').toSorted()).toEqual(manifest.default_events.toSorted())
  })

  it('sends webhooks to the path the program listens on, unless the address names one', () => {
    const hookOf = (address: string): string | null =>
      new URL(appLink({ ...facts, address: new URL(address) })).searchParams.get('webhook_url')
    expect(hookOf('https://belay.example.com')).toBe('https://belay.example.com/api/github/webhooks')
    expect(hookOf('https://smee.io/channel')).toBe('https://smee.io/channel')
  })

  it('leads to the form of a person, of an organisation, and of an Enterprise Server', () => {
    expect(appLink(facts)).toMatch(/^https:\/\/github\.com\/settings\/apps\/new\?/u)
    expect(appLink({ ...facts, owner: 'acme' })).toContain('github.com/organizations/acme/settings/apps/new?')
    expect(appLink({ ...facts, webUrl: 'https://ghe.example.com' })).toMatch(
      /^https:\/\/ghe\.example\.com\//u,
    )
  })
})
