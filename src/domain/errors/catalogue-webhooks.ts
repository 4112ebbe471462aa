// What is wrong with a webhook delivery.
// A part of the catalogue; no logic, no secrets.

import { define, type NoDetails } from './error-spec.ts'

/** A part of the catalogue, sorted by code. */
export const WEBHOOK_ERRORS = {
  PAYLOAD_UNREADABLE: define<{ readonly event: string; readonly fields: readonly string[] }>({
    status: 422,
    title: 'Payload could not be read',
    message: (d) =>
      `The payload of \`${d.event}\` lacks or changes fields that Belay needs: ${d.fields.join(', ')}.`,
    hint: () => 'Update Belay, then run `belay inbox replay` for this delivery.',
    audience: 'operator',
    retry: 'after_fix',
  }),
  WEBHOOK_BODY_INVALID: define<NoDetails>({
    status: 400,
    title: 'Body is not a JSON object',
    message: () => 'The body of the delivery is not a JSON object.',
    hint: () => 'Send what GitHub sends, as application/json.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_CONTENT_TYPE: define<NoDetails>({
    status: 415,
    title: 'Content type is not JSON',
    message: () => 'Deliveries must be sent as application/json.',
    hint: () => 'Set the content type of the webhook to application/json.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_HEADERS_MISSING: define<NoDetails>({
    status: 400,
    title: 'Headers are missing',
    message: () => 'A delivery needs X-GitHub-Event, X-GitHub-Delivery and X-Hub-Signature-256.',
    hint: () => 'Send what GitHub sends; a webhook secret must be set.',
    audience: 'operator',
    retry: 'never',
  }),
  WEBHOOK_NOT_STORED: define<NoDetails>({
    status: 503,
    title: 'Delivery was not stored',
    message: () => 'The delivery could not be stored and was not accepted.',
    hint: () => 'Deliver it again later.',
    audience: 'operator',
    retry: 'later',
  }),
  WEBHOOK_SIGNATURE_INVALID: define<NoDetails>({
    status: 401,
    title: 'Signature does not match',
    message: () => 'The signature does not match the body.',
    hint: () => 'Check that WEBHOOK_SECRET is the secret set in the App.',
    audience: 'operator',
    retry: 'never',
  }),
} as const
