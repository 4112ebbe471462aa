// Agents that do what their prompt says: the prompt is a shell script. One for each way a prompt can arrive.

/**
 * An agents file with `scripted` (argument), `by-stdin`, `by-file`, `keyed` (a variable and a home file), `critic` and
 * `second` (as `scripted`), `streaming` (as `scripted`, and it prints while it works) and `absent`.
 */
export const SHELL_AGENTS = `agents:
  - name: scripted
    binary: /bin/sh
    args: ["-c", "{prompt}"]
    prompt: argument
  - name: by-stdin
    binary: sh
    args: ["-s"]
    prompt: stdin
  - name: by-file
    binary: sh
    args: ["{prompt_file}"]
    prompt: file
  - name: keyed
    binary: sh
    args: ["-c"]
    prompt: argument
    env: [MY_AGENT_KEY]
    home: [.my-agent/login.json]
  - name: critic
    binary: /bin/sh
    args: ["-c", "{prompt}"]
    prompt: argument
  - name: second
    binary: /bin/sh
    args: ["-c", "{prompt}"]
    prompt: argument
  - name: streaming
    binary: /bin/sh
    args: ["-c", "{prompt}"]
    prompt: argument
    streams: true
  - name: absent
    binary: no-such-agent-anywhere
    prompt: stdin
`
