// The program `belay-agent` as text: a few lines of shell that find a node, and a node program without dependencies
// that carries words to the door and answers back. It knows no verb: whatever the door learns, it can already say.

import { LONGEST_DOOR_LINE } from '../../../domain/session/door-line.ts'
import { DOOR_PROGRAM_WORDS } from '../../../domain/text/door.ts'
import { shellWord } from '../../../domain/text/shell-word.ts'

/** Ends with 0 when accepted, 1 when refused, 2 when the door could not be asked. */
export function shellProgram(node: string): string {
  const { outside, noNode } = DOOR_PROGRAM_WORDS
  return `#!/bin/sh
if [ -z "\${BELAY_DOOR:-}" ]; then
  echo ${shellWord(outside)} >&2
  exit 2
fi
node=${shellWord(node)}
[ -x "$node" ] || node=$(command -v node) || {
  echo ${shellWord(noNode)} >&2
  exit 2
}
unset NODE_OPTIONS
exec "$node" "\${BELAY_DOOR%/*}/belay-agent.mjs" "$@"
`
}

/** A sandbox may hold standard input open for ever. */
const INPUT_PATIENCE_MS = 20_000

/** Longer than the door tries to store a request. */
const ANSWER_PATIENCE_MS = 60_000

/** Returns the node program. */
export function clientProgram(): string {
  return `const words = ${JSON.stringify(DOOR_PROGRAM_WORDS)}
const longest = ${LONGEST_DOOR_LINE}
const inputPatience = ${INPUT_PATIENCE_MS}
const answerPatience = ${ANSWER_PATIENCE_MS}
${CLIENT}`
}

// A door whose socket was replaced by a link could lead the token to somebody else's.
const CLIENT = String.raw`
import { lstatSync, readFileSync } from 'node:fs'
import { createConnection } from 'node:net'

class Trouble extends Error {}

function openDoor() {
  const socket = process.env.BELAY_DOOR ?? ''
  let found, token
  try {
    found = lstatSync(socket)
    token = readFileSync(process.env.BELAY_DOOR_TOKEN_FILE ?? '', 'utf8').trim()
  } catch {
    throw new Trouble(words.closed)
  }
  if (!found.isSocket()) throw new Trouble(words.notSocket)
  return { socket, token }
}

function ask({ socket, token }, input) {
  const line = JSON.stringify({ token, args: process.argv.slice(2), input }) + '\n'
  return new Promise((resolve, reject) => {
    const connection = createConnection(socket)
    const pieces = []
    let connected = false
    const finish = () => {
      clearTimeout(patience)
      connection.destroy()
      const text = Buffer.concat(pieces).toString('utf8')
      if (!text.endsWith('\n')) return reject(new Trouble(connected ? words.silent : words.closed))
      resolve(JSON.parse(text))
    }
    const patience = setTimeout(finish, answerPatience)
    connection.on('connect', () => { connected = true; connection.write(line) })
    connection.on('data', (piece) => pieces.push(piece))
    connection.on('end', finish)
    connection.on('close', finish)
    connection.on('error', () => undefined)
  })
}

async function readInput() {
  const pieces = []
  let size = 0
  const patience = setTimeout(() => {
    process.stderr.write(words.noInput + '\n')
    process.exit(2)
  }, inputPatience)
  for await (const piece of process.stdin) {
    clearTimeout(patience)
    size += piece.length
    if (size > longest) throw new Trouble(words.badInput)
    pieces.push(piece)
  }
  clearTimeout(patience)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new Trouble(words.badInput)
  }
}

try {
  const door = openDoor()
  let answer = await ask(door, null)
  if (answer.kind === 'input_wanted') answer = await ask(door, await readInput())
  const isFine = answer.kind === 'accepted' || answer.kind === 'help'
  ;(isFine ? process.stdout : process.stderr).write(answer.text + '\n')
  process.exitCode = isFine ? 0 : 1
} catch (error) {
  process.stderr.write((error instanceof Trouble ? error.message : words.silent) + '\n')
  process.exitCode = 2
}
`
