// The verdict a reviewer leaves: what of the file is reported, and when nothing is.

import { describe, expect, it } from 'vitest'
import { ReviewScene } from './review-scene.ts'
import type { StartWorld } from './runner-contract.ts'

const ACK = '{"verdict":"ack","reasons":[]}'
const WRITE = `echo '${ACK}' > "$BELAY_VERDICT_FILE"`
const FILE = '"$BELAY_VERDICT_FILE"'

/** What the agent does, and what is reported. */
const CASES: readonly (readonly [string, string, string | null])[] = [
  ['plain', WRITE, `${ACK}\n`],
  ['not-json', `printf 'Looks good ✓' > ${FILE}`, 'Looks good ✓'],
  ['empty', `: > ${FILE}`, ''],
  ['whole', `head -c 65536 /dev/zero | tr '\\0' x > ${FILE}`, 'x'.repeat(65_536)],
  ['too-large', `head -c 65537 /dev/zero | tr '\\0' x > ${FILE}`, null],
  ['nothing', 'exit 0', null],
  ['folder', `mkdir ${FILE}`, null],
  ['pipe', `mkfifo ${FILE}`, null],
  ['link', `echo '${ACK}' > ack.json; ln -s "$PWD/ack.json" ${FILE}`, null],
  ['device', `ln -s /dev/zero ${FILE}`, null],
  ['latin', `printf '{"verdict":"ack","reasons":["\\351"]}' > ${FILE}`, null],
  ['unreadable-name', `echo '${ACK}' > ${FILE}.tmp`, null],
  ['failed', `${WRITE}; exit 1`, null],
  ['killed', `${WRITE}; kill -9 $$`, null],
]

export function describeVerdicts(start: StartWorld): void {
  describe('the verdict of attempt_ended', () => {
    it('is the text of a plain file, and nothing for anything else or any other end', async () => {
      const scene = await ReviewScene.prepare(start)
      const { runner } = scene.world
      // Reviewers beside each other.
      await Promise.all(CASES.map(([id, prompt]) => runner.startAttempt(scene.order(id, { prompt }))))
      const ends = await Promise.all(CASES.map(([id]) => scene.world.ended(id)))
      expect(ends.map(({ attemptId, verdict }) => [attemptId, verdict])).toEqual(
        CASES.map(([id, , verdict]) => [id, verdict]),
      )
    })

    it('is nothing for a producer, which is told of no such file', async () => {
      const { world, session } = await ReviewScene.prepare(start)
      const file = `${session}/attempts/rope-1.1.implement.1/verdict.json`
      const prompt = `[ -z "$BELAY_VERDICT_FILE" ] && echo '${ACK}' > ${file}`
      await world.runner.startAttempt(world.attempt({ prompt }))
      expect(await world.ended()).toMatchObject({ exit: { kind: 'exited', code: 0 }, verdict: null })
    })

    it('is nothing for a reviewer that was stopped or took too long', async () => {
      const scene = await ReviewScene.prepare(start)
      await scene.begin('stopped', `${WRITE}; touch ../done; sleep 300`)
      const late = scene.order('late', { prompt: `${WRITE}; sleep 300`, timeoutMs: 300 })
      await scene.world.runner.startAttempt(late)
      await scene.world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'stopped' })
      expect(await scene.world.ended('stopped')).toMatchObject({ exit: { kind: 'stopped' }, verdict: null })
      expect(await scene.world.ended('late')).toMatchObject({ exit: { kind: 'timed_out' }, verdict: null })
    })
  })
}
