// One POST of a webhook. Knows nothing of queues, faults or payloads.
import { request } from 'node:http'

/** What one POST carries. */
export interface WebhookPost {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Gives up before the time is over. */
  readonly signal: AbortSignal
}

/** How long GitHub waits for an answer. */
const answerTimeoutMs = 10_000

/** Posts a webhook and returns the HTTP status, or 0 when nobody answered in time. */
export function postWebhook({ url, headers, body, signal }: WebhookPost): Promise<number> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body)
    const post = request(url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'Content-Length': bytes.length },
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    })
    post.once('response', (response) => {
      // The status counts, also when the rest of the answer never comes.
      response.resume().once('close', () => resolve(response.statusCode ?? 0))
    })
    post.once('error', () => resolve(0))
    post.end(bytes)
  })
}
