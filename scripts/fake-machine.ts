import type { Machine, ProgramCall, ProgramResult } from './machine.ts';

/** What a fake program does when it is called. */
export type FakeProgram = (call: ProgramCall) => ProgramResult;

/** A machine made of a map from path to program, and a record of what was run on it. */
export interface FakeMachine extends Machine {
  readonly programs: Map<string, FakeProgram>;
  readonly calls: ProgramCall[];
}

/** A program that ends at once with this output. */
export function endsWith(exitCode: number | null, output: string): FakeProgram {
  return () => ({ exitCode, output });
}

/** A machine with nothing on it but what `overrides` and `programs` say. */
export function fakeMachine(
  overrides: Partial<Pick<Machine, 'platform' | 'env' | 'isRoot'>>,
  programs: Readonly<Record<string, FakeProgram>>,
): FakeMachine {
  const installed = new Map(Object.entries(programs));
  const calls: ProgramCall[] = [];
  return {
    platform: 'linux',
    env: { PATH: '/bin' },
    isRoot: false,
    playwrightBrowser: '/playwright/chrome',
    ...overrides,
    programs: installed,
    calls,
    exists: (path) => installed.has(path),
    run(call) {
      calls.push(call);
      const program = installed.get(call.program);
      return Promise.resolve(program?.(call) ?? { exitCode: null, output: 'ENOENT' });
    },
  };
}
