/** Whether the user could be asked to allow a notice: not where it was answered already, or where there are none. */
export function canAskForNotice(): boolean {
  return 'Notification' in globalThis && Notification.permission === 'default';
}

/** Asks the user to allow a notice; to be called on a click only. @returns whether it is allowed */
export async function askForNotice(): Promise<boolean> {
  return canAskForNotice() && (await Notification.requestPermission()) === 'granted';
}

/**
 * Says on the screen that something is done, if the page is hidden and the user allowed it; a click on it shows the page.
 * @param text no file names: others may see it on a locked screen
 */
export function showDoneNotice(text: string): void {
  const allowed = 'Notification' in globalThis && Notification.permission === 'granted';
  if (!allowed || !document.hidden) return;
  try {
    const notice = new Notification('Onehop', { body: text, icon: '/favicon.svg' });
    notice.addEventListener('click', () => {
      globalThis.focus();
      notice.close();
    });
  } catch {
    // Browsers on phones let only service workers show notices.
  }
}
