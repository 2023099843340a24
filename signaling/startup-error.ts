/** Why the server cannot start; its message is one line for the operator. */
export class StartupError extends Error {
  override readonly name: string = 'StartupError';
}
