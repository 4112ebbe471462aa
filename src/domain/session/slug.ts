// Names of projects: readable, unique, and kept through renames.

const LONGEST_SLUG = 40
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * Returns the id of a project: the repository's name in `[a-z0-9-]`, at most 40 characters.
 *
 * When that is taken, a dash and four base32 characters of the repository's id follow.
 */
export function projectSlug(
  repository: { readonly name: string; readonly repositoryId: number },
  isTaken: boolean,
): string {
  const plain = repository.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^-+|-+$/g, '')
  const name = plain === '' ? 'repository' : plain
  return isTaken ? `${name}-${base32Tail(repository.repositoryId)}` : name
}

function base32Tail(id: number): string {
  let rest = id
  let tail = ''
  for (let i = 0; i < 4; i += 1) {
    tail = BASE32.charAt(rest % 32) + tail
    rest = Math.floor(rest / 32)
  }
  return tail
}
