// A program of its own for tests that kill it: drains the lanes and dies by SIGKILL at its n-th durable step. Says each
// step on standard output. Arguments: a file with the order, and n, counted from 1; 0 lets it live.

import { readFile } from 'node:fs/promises'
import { drainLanes, type LanesOrder } from '../drain-lanes.ts'

const order = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as LanesOrder
const killAt = Number(process.argv[3])
let passed = 0

const errors = await drainLanes(order, (step) => {
  passed += 1
  // Written synchronously: the line must be out before the process is gone.
  process.stdout.write(`step ${step}\n`)
  if (passed === killAt) process.kill(process.pid, 'SIGKILL')
})
for (const error of errors) process.stderr.write(`${error}\n`)
