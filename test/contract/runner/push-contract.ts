import type { StartWorld } from './runner-contract.ts'
export function describePush(_start: StartWorld): void {}
