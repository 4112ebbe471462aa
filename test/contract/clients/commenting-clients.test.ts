// Every kind of question and every option, through everybody who answers by writing on the pull request.

import { afterAll, beforeAll } from 'vitest'
import { describeClient } from './client-contract.ts'
import { COMMENTING_CLIENTS } from './clients.ts'
import { ClientWorld } from './client-world.ts'

let world: ClientWorld

beforeAll(async () => {
  world = await ClientWorld.start()
})

afterAll(() => world?.close())

for (const client of COMMENTING_CLIENTS) describeClient(client, () => world)
