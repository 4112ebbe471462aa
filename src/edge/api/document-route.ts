// The OpenAPI document over HTTP. With a token, like everything else below the prefix.

import { z } from 'zod'
import { defineRoute } from './define-route.ts'

export interface DocumentParts {
  readonly openApi: () => Readonly<Record<string, unknown>>
}

const getOpenApi = defineRoute({
  method: 'GET',
  pattern: '/openapi.json',
  name: 'getOpenApi',
  summary: 'Show this document',
  tag: 'document',
  replies: {
    200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) },
  },
  errors: [],
  handle: async (_asked, { openApi }: DocumentParts) => {
    return { status: 200, body: { ...openApi(), openapi: '3.1.0' } }
  },
})

export const DOCUMENT_ROUTES = [getOpenApi]
