// A scripted agent: a real process that does, in its worktree, what a story told it for this pull request and attempt.
// Usage: story-agent.mjs STORY_DIR NAME. Speaks only to git and files; the story side is story.ts.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const [storyDir = '', name = ''] = process.argv.slice(2)
// On the PATH of an attempt and nowhere else.
const doorProgram = 'belay-agent'
const pullRequest = join(storyDir, `pr-${process.env['BELAY_PR']}`)
// Producers share one count, whatever their name; every reviewer has a count of its own.
const isReviewer = process.env['BELAY_ROLE'] === 'reviewer'
const folder = isReviewer ? join(pullRequest, `reviewer-${name}`) : pullRequest
const { number, room } = enterAttempt()

writeFileSync(join(room, 'pid'), String(process.pid))
writeFileSync(join(room, 'prompt.md'), readFileSync(process.env['BELAY_PROMPT_FILE'] ?? '/dev/null'))
writeFileSync(join(room, 'environment.json'), JSON.stringify(process.env))

for (const act of actsOf(number)) await perform(act)
announce('end')

/** Attempts count themselves: mkdir succeeds once per number, whatever died in between. */
function enterAttempt() {
  mkdirSync(folder, { recursive: true })
  for (let candidate = 1; ; candidate += 1) {
    const ownRoom = join(folder, `attempt-${candidate}`)
    try {
      mkdirSync(ownRoom)
      return { number: candidate, room: ownRoom }
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}

function actsOf(attempt) {
  const file = join(folder, 'acts.json')
  if (!existsSync(file)) return []
  return JSON.parse(readFileSync(file, 'utf8'))[attempt - 1] ?? []
}

async function perform(act) {
  switch (act.do) {
    case 'write':
      mkdirSync(dirname(act.path), { recursive: true })
      return writeFileSync(act.path, act.text)
    case 'append':
      return appendFileSync(act.path, act.text)
    case 'delete':
      return rmSync(act.path)
    case 'commit':
      execFileSync('git', ['add', '--', ...act.paths])
      return execFileSync('git', ['commit', '--quiet', '-m', act.message], { stdio: 'inherit' })
    case 'git':
      return execFileSync('git', act.args, { stdio: 'inherit' })
    case 'door': {
      const { status, stdout, stderr } = spawnSync(doorProgram, act.args, { encoding: 'utf8', input: '' })
      const said = { code: status, text: `${stdout ?? ''}${stderr ?? ''}` }
      return appendFileSync(join(room, 'door'), `${JSON.stringify(said)}\n`)
    }
    case 'verdict':
      return writeVerdict(JSON.stringify({ verdict: act.verdict, reasons: act.reasons }))
    case 'verdict_raw':
      return writeVerdict(act.text)
    case 'say':
      return console.log(act.text)
    case 'recite':
      return console.log(readFileSync(join(room, 'prompt.md'), 'utf8'))
    case 'meet':
      return meet(act.name)
    case 'sleep':
      return new Promise(() => setInterval(() => undefined, 60_000))
    case 'exit':
      announce('end')
      return process.exit(act.code)
    default:
      throw new Error(`The story knows no act ${JSON.stringify(act)}.`)
  }
}

function writeVerdict(text) {
  writeFileSync(process.env['BELAY_VERDICT_FILE'] ?? '/dev/null/no-verdict-file', text)
}

/** Says that this point is reached and waits until the story lets go. */
async function meet(point) {
  announce(point)
  const signal = join(folder, `go-${number}-${point}`)
  while (!existsSync(signal)) await new Promise((resolve) => setTimeout(resolve, 20))
}

function announce(point) {
  writeFileSync(join(room, `reached-${point}`), '')
}
