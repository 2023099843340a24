/** Ends the session with its page, and has the browser ask first where something would be lost. */
export function watchLeaving(session: { readonly losesOnLeaving: boolean; close(): void }): void {
  addEventListener('beforeunload', (event) => {
    if (session.losesOnLeaving) event.preventDefault();
  });
  addEventListener('pagehide', () => session.close());
}
