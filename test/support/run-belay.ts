// Runs the program as a real child process against a fake GitHub: ports, folders and environment are its own.
// It is started, asked, stopped and killed from outside; nothing of its inside is imported.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BelayLog } from './belay-log.ts'
import { DatabaseReader } from './database-reader.ts'
import { eventually } from './eventually.ts'
import type { Patience } from './eventually.ts'
import { findFreePort } from './free-port.ts'
import { programArguments } from './program-arguments.ts'

/** The App as the fake GitHub and the program both know it. */
export interface AppCredentials {
  readonly appId: number
  readonly privateKey: string
  readonly webhookSecret: string
}

/** What a program needs to run. */
export interface BelayOptions extends AppCredentials {
  /** An existing folder; home, database and the working directory are made in it. */
  readonly root: string
  /** `127.0.0.1:<port>` of the fake GitHub. */
  readonly githubHost: string
  readonly agentsFile: string
  /** More environment, for example `BELAY_FAULT`. */
  readonly env?: Readonly<Record<string, string>>
}

/** How a program ended. */
export interface BelayExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const READY_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000

/** One installation of the program; its process may come and go, its port and folders stay. */
export class Belay {
  readonly log = new BelayLog()
  readonly database: DatabaseReader
  readonly url: string
  readonly home: string
  readonly databaseFile: string
  /** Everything the program ever printed. */
  readonly logFile: string
  /** The bearer token of its REST interface, named `demo`. */
  readonly apiToken = 'demo-token-of-the-test-world'
  readonly #options: BelayOptions
  readonly #port: number
  #child: ChildProcess | null = null
  #exit: Promise<BelayExit> | null = null

  private constructor(options: BelayOptions, port: number) {
    this.#options = options
    this.#port = port
    this.url = `http://127.0.0.1:${port}`
    this.home = join(options.root, 'home')
    this.databaseFile = join(options.root, 'belay.db')
    this.logFile = join(options.root, 'belay.log')
    this.database = new DatabaseReader(`file:${this.databaseFile}`)
  }

  /** Makes the folders and starts the program; resolves when it says it is ready. */
  static async start(options: BelayOptions): Promise<Belay> {
    const belay = await Belay.prepare(options)
    await belay.launch()
    return belay
  }

  /** Makes the folders and chooses the port, so that the fake can be told before the program runs. */
  static async prepare(options: BelayOptions): Promise<Belay> {
    const belay = new Belay(options, await findFreePort())
    await mkdir(belay.home, { recursive: true })
    return belay
  }

  /** Where webhooks go. */
  get webhookUrl(): string {
    return `${this.url}/api/github/webhooks`
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Starts the process and waits for `/readyz`; throws with the log's tail when it ends before that. */
  async launch(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.spawn(env)
    await this.eventually(
      async () => {
        if (!this.isRunning) return 'ended'
        return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2000) })).ok && 'ready'
      },
      { what: 'the program is ready', deadlineMs: READY_DEADLINE_MS },
    ).then((state) => {
      if (state === 'ended') throw new Error(`The program ended before it was ready.\n${this.log.tail()}`)
    })
  }

  /** Starts the process and does not wait: it may be meant to die. */
  spawn(env: Readonly<Record<string, string>> = {}): void {
    if (this.isRunning) throw new Error('The program runs already.')
    const program = join(import.meta.dirname, 'program.ts')
    const child = spawn(process.execPath, [...programArguments(program), 'start'], {
      cwd: this.#options.root,
      env: { ...this.#environment(), ...this.#options.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (chunk: string) => {
        this.log.take(chunk)
        appendFileSync(this.logFile, chunk)
      })
    }
    // A test run that ends early must not leave a program behind.
    const onExit = (): void => void child.kill('SIGKILL')
    process.once('exit', onExit)
    child.once('close', () => process.off('exit', onExit))
    this.#child = child
    this.#exit = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  }

  /** Resolves when the process is gone; throws at the deadline. */
  async exited(deadlineMs: number): Promise<BelayExit> {
    if (this.#exit === null) throw new Error('The program was never started.')
    await this.eventually(() => !this.isRunning, { what: 'the program ends', deadlineMs })
    return this.#exit
  }

  /** Asks it to stop, as an operator would; kills it at the deadline and says so. */
  async stop(): Promise<BelayExit | null> {
    this.database.close()
    if (this.#child === null || this.#exit === null) return null
    if (!this.isRunning) return this.#exit
    this.#child.kill('SIGTERM')
    try {
      return await this.exited(STOP_DEADLINE_MS)
    } catch (error) {
      await this.kill()
      throw error
    }
  }

  /** Kills it without a word. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exit
  }

  /** Stops it if it runs, and starts it again on the same folders and port. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.stop()
    await this.launch(env)
  }

  /** Waits for a condition; a failure shows the log's tail. */
  eventually<T>(condition: () => T | Promise<T>, patience: Patience) {
    return eventually(condition, { explain: () => this.log.tail(), ...patience })
  }

  /** Runs a subcommand of the program itself, as its operator would beside the running process. */
  command(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const program = join(import.meta.dirname, '..', '..', 'src', 'main.ts')
    const argv = [...programArguments(program), ...args]
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        argv,
        { cwd: this.#options.root, env: { ...this.#environment(), ...env } },
        (error, out, err) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err })
        },
      )
    })
  }

  #environment(): NodeJS.ProcessEnv {
    const { appId, privateKey, webhookSecret, githubHost, agentsFile } = this.#options
    return {
      PATH: process.env['PATH'],
      HOME: this.#options.root,
      LANG: 'C.UTF-8',
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: String(this.#port),
      APP_ID: String(appId),
      PRIVATE_KEY: privateKey,
      WEBHOOK_SECRET: webhookSecret,
      GHE_HOST: githubHost,
      GHE_PROTOCOL: 'http',
      DATABASE_URL: `file:${this.databaseFile}`,
      BELAY_HOME: this.home,
      BELAY_API_TOKEN: `demo:${this.apiToken}`,
      BELAY_ISOLATION: 'none',
      BELAY_AGENTS_FILE: agentsFile,
      RUNNER_ID: 'runner-1',
    }
  }
}
