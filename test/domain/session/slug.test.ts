import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { projectSlug } from '../../../src/domain/session/slug.ts'

describe('projectSlug', () => {
  it.each([
    ['rocket', 'rocket'],
    ['My_Rocket.JS', 'my-rocket-js'],
    ['...', 'repository'],
    ['-x-', 'x'],
    [`${'a'.repeat(39)}-b`, 'a'.repeat(39)],
  ])('turns %s into %s', (name, slug) => {
    expect(projectSlug({ name, repositoryId: 1 }, false)).toBe(slug)
  })

  it('adds four characters of the repository id when the name is taken', () => {
    expect(projectSlug({ name: 'rocket', repositoryId: 33 }, true)).toBe('rocket-aabb')
  })

  it('fits the shape of folder and ref names, whatever the repository is called', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.boolean(), (name, repositoryId, isTaken) => {
        const slug = projectSlug({ name, repositoryId }, isTaken)
        expect(slug).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,43}[a-z0-9])?$/)
      }),
    )
  })
})
