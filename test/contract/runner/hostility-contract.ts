import type { StartWorld } from './runner-contract.ts'
export function describeHostility(_start: StartWorld): void {}
