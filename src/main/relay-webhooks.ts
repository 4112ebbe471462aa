// Receives webhooks through a smee channel while developing, when WEBHOOK_PROXY_URL is set. They are verified like any
// other delivery.

import type { OperatorConfig } from '../domain/config/operator-config.ts'
import type { Log } from '../ports/surroundings.ts'

export interface Relay {
  close(): Promise<void>
}

/** Starts the relay, or does nothing without a channel. */
export async function relayWebhooks(
  config: OperatorConfig,
  address: { readonly host: string; readonly port: number },
  log: Log,
): Promise<Relay> {
  if (config.webhookProxyUrl === null) return { close: () => Promise.resolve() }
  // Loaded only when wanted: it is of no use outside development.
  const { SmeeClient } = await import('smee-client')
  const client = new SmeeClient({
    source: config.webhookProxyUrl,
    target: `http://${address.host}:${address.port}${config.webhookPath}`,
    logger: {
      info: (message: unknown) => log.info({ relay: String(message) }, 'webhook_relay'),
      error: (message: unknown) => log.warn({ relay: String(message) }, 'webhook_relay'),
    },
  })
  await client.start()
  return { close: async () => client.stop() }
}
