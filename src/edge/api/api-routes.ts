// Every route of the REST interface, in the order of the document, and the document itself.

import type { SubmitAnswer } from '../../ports/answers.ts'
import type { PipelineRequests } from '../../ports/requests.ts'
import type { SubmitRescue } from '../../ports/rescues.ts'
import type { Store } from '../../ports/store.ts'
import type { Route } from '../http-exchange.ts'
import { BACKUP_ROUTES } from './backup-routes.ts'
import { DECISION_ROUTES } from './decision-routes.ts'
import type { ApiRoute } from './define-route.ts'
import { DOCUMENT_ROUTES, type DocumentParts } from './document-route.ts'
import { createListening, EVENT_ROUTES, type EventParts, type Listening } from './event-routes.ts'
import { INBOX_ROUTES, type InboxRouteParts } from './inbox-routes.ts'
import { makeOpenApi } from './openapi.ts'
import { PIPELINE_ROUTES } from './pipeline-routes.ts'
import { PROJECT_ROUTES } from './project-routes.ts'
import { API_PREFIX, serveApi, type ServeParts } from './serve-api.ts'
import { SESSION_ROUTES } from './session-routes.ts'

/** What the routes need of the program, together. */
export interface ApiParts extends InboxRouteParts, Omit<EventParts, 'store'> {
  readonly store: Pick<Store, 'find' | 'list'>
  readonly requests: PipelineRequests
  readonly submitAnswer: SubmitAnswer
  readonly submitRescue: SubmitRescue
}

type RouteParts = ApiParts & DocumentParts & { readonly listening: Listening }

/** Every route with a token in front of it. */
export const API_ROUTES: readonly ApiRoute<RouteParts>[] = [
  ...PROJECT_ROUTES,
  ...SESSION_ROUTES,
  ...PIPELINE_ROUTES,
  ...DECISION_ROUTES,
  ...BACKUP_ROUTES,
  ...EVENT_ROUTES,
  ...INBOX_ROUTES,
  ...DOCUMENT_ROUTES,
]

/** Returns the OpenAPI document of this version; needs nothing that runs. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  return makeOpenApi(
    API_ROUTES.map(({ description }) => description),
    API_PREFIX,
  )
}

/** Returns the routes of a running program. */
export function apiRoutes(serving: ServeParts, parts: ApiParts): readonly Route[] {
  const listening = createListening(parts)
  return serveApi(API_ROUTES, serving, { ...parts, listening, openApi: openApiDocument })
}
