// The clients through which a person or a program can answer a question, each as it really does: words on GitHub, a button
// of the check run, the REST interface, the command line. Knows what each can not say; asserts nothing.

import { verbOfOption } from '../../../src/domain/command/grammar.ts'
import type { DecisionOption } from '../../../src/domain/decision/option.ts'
import type { AnswerChannel } from '../../../src/domain/records.ts'
import { runCli } from '../../../src/edge/cli.ts'
import type { CliActions } from '../../../src/edge/cli-actions.ts'
import { postAnswer } from '../../../src/edge/post-answer.ts'
import type { FakePullRequest, IssueComment } from '../../support/fake-github/index.ts'
import { API_TOKEN, type Asked, type ClientWorld } from './client-world.ts'

/** What a client saw of its answer; empty where it sees nothing. */
export interface Seen {
  /** Reactions of the bot to the comment, in their order. */
  readonly reactions?: readonly string[]
  readonly status?: number
  readonly body?: Readonly<Record<string, unknown>>
  readonly exitCode?: number
  /** What the command line printed. */
  readonly printed?: string
}

export interface Client {
  readonly name: string
  readonly via: AnswerChannel
  readonly actor: string
  /** Whether it has a form for the option; what is false here is asserted to be the option of the others alone. */
  readonly can: (option: DecisionOption, position: number) => boolean
  /** Only another spelling of a client that is asked everything. */
  readonly spells?: true
  readonly give: (world: ClientWorld, asked: Asked, option: DecisionOption) => Promise<Seen>
}

interface Reacted {
  readonly reactions: readonly { readonly by: string; readonly content: string }[]
}

/** Returns the bot's reactions to a comment, a review or a reply. */
export function reactionsOf({ reactions }: Reacted): readonly string[] {
  return reactions.filter(({ by }) => by === 'belay[bot]').map(({ content }) => content)
}

type Words = (asked: Asked, option: DecisionOption) => string

/** Returns the same words before the option of a question, whichever it is. */
const answer: Words = ({ question }, { id }) => `/belay answer ${id} ${question.id}`

const always = (): boolean => true
const isShort = ({ id }: DecisionOption): boolean => verbOfOption(id) !== null
const isBare = ({ id }: DecisionOption): boolean => id === 'continue' || id === 'abort'

/** Writes a comment in a person's name and settles. */
export async function write(
  world: ClientWorld,
  pr: FakePullRequest,
  { by, words }: { readonly by: string; readonly words: string },
): Promise<IssueComment> {
  const written = await pr.comment(by, words)
  await world.settle()
  return written
}

function comment(name: string, words: Words, more: Partial<Client> = {}): Client {
  return {
    name,
    via: 'command',
    actor: 'alice',
    can: always,
    give: async (world, asked, option) => {
      const written = await write(world, asked.pr, { by: 'alice', words: words(asked, option) })
      return { reactions: reactionsOf(written) }
    },
    ...more,
  }
}

const BARE = { via: 'bare_command', can: isBare } as const

/** Everybody who writes on the pull request. */
export const COMMENTING_CLIENTS: readonly Client[] = [
  comment('a command with the id', answer),
  comment('a command alone', (_, { id }) => `/belay answer ${id}`, { spells: true }),
  comment('a mention', ({ question }, { id }) => `@belay ANSWER ${id.toUpperCase()} ${question.id}`, {
    spells: true,
  }),
  comment('a short form with the id', ({ question }, { id }) => `/belay ${id} ${question.id}`, {
    can: isShort,
  }),
  comment('a short form alone', (_, { id }) => `/belay ${id}`, { can: isShort, spells: true }),
  comment('a bare command with the id', ({ question }, { id }) => `/${id} ${question.id}`, BARE),
  comment('a bare command alone', (_, { id }) => `Fine.\n\n/${id}`, { ...BARE, spells: true }),
  comment('the text of a review', answer, {
    give: async (world, asked, option) => {
      const body = `I looked at it.\n\n${answer(asked, option)}`
      const review = await asked.pr.review('alice', { body })
      await world.settle()
      return { reactions: reactionsOf(review) }
    },
  }),
  comment('a reply in a review thread', answer, {
    give: async (world, asked, option) => {
      const { pr } = asked
      const path = `${pr.headBranch}.txt`
      const first = await pr.reviewComment('carol', { path, line: 1, body: 'Why?' })
      const reply = await pr.reviewComment('alice', { inReplyTo: first.id, body: answer(asked, option) })
      await world.settle()
      return { reactions: reactionsOf(reply) }
    },
  }),
]

/** GitHub shows three buttons at most. */
const MOST_BUTTONS = 3

const BUTTON: Client = {
  name: 'a button of the check run',
  via: 'button',
  actor: 'alice',
  can: (_, position) => position < MOST_BUTTONS,
  give: async (world, asked, { id }) => {
    await world.show(asked)
    await press(world, asked, { by: 'alice', option: id })
    return {}
  },
}

/** Presses a button of a question that is shown, in a person's name, and settles. */
export async function press(
  world: ClientWorld,
  { pr, question }: Asked,
  { by, option }: { readonly by: string; readonly option: string },
): Promise<void> {
  const run = pr.checkRuns().findLast(({ externalId }) => externalId === question.id)
  if (run === undefined) throw new Error(`No check run shows question ${question.id}`)
  await pr.pressButton(by, run.id, option)
  await world.settle()
}

/** What REST is sent, beside the answer. */
export interface RestOrder {
  readonly answer: unknown
  /** The field it is sent in. */
  readonly field?: 'answer' | 'resolution'
  readonly headers?: Readonly<Record<string, string>>
  /** The last part of the address. */
  readonly verb?: 'resolve' | 'cancel'
}

/** Sends an answer to the REST interface. */
export async function callRest(
  world: ClientWorld,
  { question }: Pick<Asked, 'question'>,
  { answer: given, field = 'resolution', headers = {}, verb = 'resolve' }: RestOrder,
): Promise<Required<Pick<Seen, 'status' | 'body'>>> {
  const path = `/api/v1/pipelines/${question.pipelineId}/decisions/${question.id}/${verb}`
  const response = await fetch(new URL(path, world.apiAddress), {
    method: 'POST',
    headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(verb === 'resolve' ? { body: JSON.stringify({ [field]: given }) } : {}),
  })
  const body = Object(await response.json()) as Readonly<Record<string, unknown>>
  await world.settle()
  return { status: response.status, body }
}

function rest(
  name: string,
  toAnswer: (option: DecisionOption) => unknown,
  field: RestOrder['field'],
): Client {
  return {
    name,
    via: 'rest',
    actor: 'api',
    can: always,
    give: (world, asked, option) =>
      callRest(world, asked, { answer: toAnswer(option), ...(field === undefined ? {} : { field }) }),
  }
}

/** Answers as the command line does, in this process; the program itself is started in a test of its own. */
export async function callCli(
  world: ClientWorld,
  { question: { pipelineId, id } }: Pick<Asked, 'question'>,
  given: string,
): Promise<Required<Pick<Seen, 'exitCode' | 'printed'>>> {
  let printed = ''
  const print = (text: string): void => {
    printed += text
  }
  const actions: Pick<CliActions, 'answerDecision'> = {
    answerDecision: ({ decisionId, answer: words }) =>
      postAnswer({ address: world.apiAddress, token: API_TOKEN, pipelineId, decisionId, answer: words }),
  }
  const parts = { version: '0', actions: actions as CliActions, out: print, err: print }
  const exitCode = await runCli(['decisions', 'answer', id, given], parts)
  await world.settle()
  return { exitCode, printed }
}

function cli(name: string, toWord: (option: DecisionOption) => string, more: Partial<Client> = {}): Client {
  return {
    name,
    via: 'cli',
    actor: 'api',
    can: always,
    give: (world, asked, option) => callCli(world, asked, toWord(option)),
    ...more,
  }
}

/** Everybody who answers without writing a comment. */
export const OTHER_CLIENTS: readonly Client[] = [
  BUTTON,
  rest('REST with the id', ({ id }) => id, 'resolution'),
  rest('REST with the label', ({ label }) => label, 'answer'),
  rest('REST with the envelope', ({ id: selected }) => ({ action: 'select', selected }), 'resolution'),
  rest(
    'REST with the envelope as text',
    ({ label: selected }) => JSON.stringify({ action: 'select', selected }),
    'answer',
  ),
  cli('the command line with the id', ({ id }) => id),
  cli('the command line with the label', ({ label }) => label, { spells: true }),
]
