// The GraphQL texts of a light look at many pull requests. Decodes and decides nothing.

/** A light look at one pull request. */
export const LOOK = `
    fragment Look on PullRequest {
      id updatedAt headRefOid baseRefOid baseRefName isDraft state title mergeable reviewDecision
      isInMergeQueue autoMergeRequest { enabledAt } totalCommentsCount
      reviewThreads(last: 100) {
        totalCount
        pageInfo { hasPreviousPage startCursor }
        nodes { id isResolved isOutdated }
      }
      reviews(last: 100) { totalCount nodes { id state updatedAt } }
      comments(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { id updatedAt } }
      statusCheckRollup {
        state
        contexts(last: 100) {
          totalCount
          nodes {
            __typename
            ... on CheckRun { id status conclusion }
            ... on StatusContext { context state createdAt }
          }
        }
      }
    }`

/**
 * Returns the text that looks at so many pull requests; each has an alias and variables of its own, numbered from 0.
 *
 * A pull request costs four requests of GitHub's formula, so that 25 of them cost one point.
 */
export function glanceText(count: number): string {
  const numbers = Array.from({ length: count }, (_each, index) => index)
  const variables = numbers.map((n) => `$owner${n}: String!, $name${n}: String!, $number${n}: Int!`)
  const aliases = numbers.map(
    (n) => `${aliasOf(n)}: repository(owner: $owner${n}, name: $name${n}) {
      pullRequest(number: $number${n}) { ...Look }
    }`,
  )
  return `
  query GlancePullRequests(${variables.join(', ')}) {
    rateLimit { cost limit remaining resetAt }
    ${aliases.join('\n    ')}
  }
  ${LOOK}`
}

/** Returns the alias of the n-th pull request, from 0. */
export function aliasOf(n: number): string {
  return `p${n}`
}

/** Reads the older threads of a pull request that has more than a page of them. */
export const GLANCE_OLDER_THREADS = `
  query GlanceOlderThreads($id: ID!, $before: String!) {
    rateLimit { cost limit remaining resetAt }
    node(id: $id) {
      ... on PullRequest {
        reviewThreads(last: 100, before: $before) {
          pageInfo { hasPreviousPage startCursor }
          nodes { id isResolved isOutdated }
        }
      }
    }
  }`

/** The state of threads, read from the end. */
export interface ThreadStates {
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null }
  readonly nodes: readonly unknown[] | null
}

/** What a look brings; all but these fields only feeds the fingerprint. */
export interface RawLook {
  readonly id: string
  readonly mergeable: string
  readonly reviewThreads: ThreadStates
}

/** The pull requests by alias. */
export type RawGlance = Readonly<Record<string, { readonly pullRequest: RawLook | null } | null>>

export interface RawOlderThreads {
  readonly node: { readonly reviewThreads?: ThreadStates } | null
}
