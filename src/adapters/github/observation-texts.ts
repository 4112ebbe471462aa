// The GraphQL texts that read a pull request whole, and the shapes they are answered with. Decodes and decides nothing.

import { LOOK } from './glance-texts.ts'
import type { RawLook } from './glance-texts.ts'

const CHECKS = `
        statusCheckRollup @include(if: $withChecks) {
          commit { oid }
          contexts(first: $itemCount, after: $checksAfter) {
            totalCount pageInfo { hasNextPage endCursor }
            nodes {
              type: __typename
              ... on CheckRun {
                id databaseId name status conclusion title summary detailsUrl permalink startedAt completedAt
                checkSuite {
                  id
                  app { databaseId slug }
                  workflowRun { event workflow { databaseId } }
                }
              }
              ... on StatusContext { context state description targetUrl createdAt }
            }
          }
        }`

/**
 * Reads a pull request with one page of each list that is asked for.
 *
 * Every page carries the facts again, the head above all, so that a list read across a push is noticed.
 */
export const OBSERVE_PULL_REQUEST = observeText('', '')

/** The same with a light look: what that shows is as old or new as the lists are. */
export const OBSERVE_AND_LOOK = observeText('look: pullRequest(number: $number) { ...Look }', LOOK)

function observeText(look: string, fragment: string): string {
  return `
  query ObservePullRequest(
    $owner: String!, $name: String!, $number: Int!,
    $threadCount: Int!, $commentCount: Int!, $itemCount: Int!,
    $withThreads: Boolean!, $withReviews: Boolean!, $withChecks: Boolean!, $withConversation: Boolean!,
    $threadsAfter: String, $reviewsAfter: String, $checksAfter: String, $conversationBefore: String
  ) {
    rateLimit { cost limit remaining resetAt }
    repository(owner: $owner, name: $name) {
      databaseId
      ${look}
      pullRequest(number: $number) {
        id number title url state isDraft updatedAt
        author { type: __typename login }
        headRefName headRefOid headRepository { databaseId }
        baseRefName baseRefOid
        baseRef { associatedPullRequests(states: OPEN, first: 1) { totalCount } }
        mergeable reviewDecision isInMergeQueue
        autoMergeRequest { enabledAt }
        reviewThreads(first: $threadCount, after: $threadsAfter) @include(if: $withThreads) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes {
            id path line startLine isResolved isOutdated
            resolvedBy { login }
            comments(first: $commentCount) {
              totalCount pageInfo { hasNextPage endCursor }
              nodes {
                id url body isMinimized createdAt updatedAt lastEditedAt
                author { type: __typename login }
              }
            }
          }
        }
        reviews(first: $itemCount, after: $reviewsAfter) @include(if: $withReviews) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes {
            id url state body submittedAt createdAt updatedAt lastEditedAt
            author { type: __typename login }
            commit { oid }
          }
        }
        ${CHECKS}
        comments(last: $itemCount, before: $conversationBefore) @include(if: $withConversation) {
          totalCount pageInfo { hasPreviousPage startCursor }
          nodes {
            id url body createdAt updatedAt lastEditedAt
            author { type: __typename login }
          }
        }
      }
    }
  }
  ${fragment}`
}

/** Reads more comments of one thread. */
export const READ_THREAD_COMMENTS = `
  query ReadThreadComments($id: ID!, $itemCount: Int!, $after: String) {
    rateLimit { cost limit remaining resetAt }
    node(id: $id) {
      ... on PullRequestReviewThread {
        comments(first: $itemCount, after: $after) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes {
            id url body isMinimized createdAt updatedAt lastEditedAt
            author { type: __typename login }
          }
        }
      }
    }
  }`

/** A page that may have a next one; one of a missing node is null. */
export interface Page<T> {
  readonly totalCount: number
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly nodes: readonly (T | null)[] | null
}

/** A page read from the end. */
export interface BackwardPage<T> {
  readonly totalCount: number
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null }
  readonly nodes: readonly (T | null)[] | null
}

/** Null when the account is gone. A bot's login comes without `[bot]`. */
export type RawActor = { readonly type: string; readonly login: string } | null

/** A text somebody wrote. */
export interface RawText {
  readonly id: string
  readonly url: string
  readonly body: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly lastEditedAt: string | null
  readonly author: RawActor
}

export interface RawThreadComment extends RawText {
  readonly isMinimized: boolean
}

export interface RawThread {
  readonly id: string
  readonly path: string
  readonly line: number | null
  readonly startLine: number | null
  readonly isResolved: boolean
  readonly isOutdated: boolean
  readonly resolvedBy: { readonly login: string } | null
  readonly comments: Page<RawThreadComment>
}

export interface RawReview extends RawText {
  readonly state: string
  readonly submittedAt: string | null
  readonly commit: { readonly oid: string } | null
}

export interface RawCheckRun {
  readonly type: 'CheckRun'
  readonly id: string
  readonly databaseId: number | null
  readonly name: string
  readonly status: string
  readonly conclusion: string | null
  readonly title: string | null
  readonly summary: string | null
  readonly detailsUrl: string | null
  readonly permalink: string
  readonly startedAt: string | null
  readonly completedAt: string | null
  readonly checkSuite: {
    readonly id: string
    readonly app: { readonly databaseId: number | null; readonly slug: string } | null
    /** Null for every App but GitHub Actions. */
    readonly workflowRun: {
      readonly event: string
      readonly workflow: { readonly databaseId: number | null }
    } | null
  } | null
}

export interface RawStatus {
  readonly type: 'StatusContext'
  readonly context: string
  readonly state: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly createdAt: string
}

export type RawCheck = RawCheckRun | RawStatus

/** The facts are on every page; a list only where it was asked for. */
export interface RawPullRequest {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly url: string
  readonly state: string
  readonly isDraft: boolean
  readonly updatedAt: string
  readonly author: RawActor
  readonly headRefName: string
  readonly headRefOid: string
  readonly headRepository: { readonly databaseId: number | null } | null
  readonly baseRefName: string
  readonly baseRefOid: string
  /** Pull requests whose head is the base; null when the base is gone. */
  readonly baseRef: { readonly associatedPullRequests: { readonly totalCount: number } } | null
  readonly mergeable: string
  readonly reviewDecision: string | null
  readonly isInMergeQueue: boolean
  readonly autoMergeRequest: { readonly enabledAt: string | null } | null
  readonly reviewThreads?: Page<RawThread>
  readonly reviews?: Page<RawReview> | null
  readonly statusCheckRollup?: {
    readonly commit: { readonly oid: string } | null
    readonly contexts: Page<RawCheck>
  } | null
  readonly comments?: BackwardPage<RawText>
}

export interface RawObservation {
  readonly repository: {
    /** Null when the number is too great for its field. */
    readonly databaseId: number | null
    readonly look?: RawLook | null
    readonly pullRequest: RawPullRequest | null
  } | null
}

export interface RawThreadComments {
  readonly node: { readonly comments?: Page<RawThreadComment> } | null
}
