// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askForNotice, canAskForNotice, showDoneNotice } from './done-notice.ts';

/** A browser's notices; `answer` is what the user says when asked. */
class FakeNotification extends EventTarget {
  static permission: NotificationPermission = 'default';
  static answer: NotificationPermission = 'granted';
  static shown: FakeNotification[] = [];
  readonly body: string | undefined;
  closed = false;

  constructor(_title: string, options?: NotificationOptions) {
    super();
    this.body = options?.body;
    FakeNotification.shown.push(this);
  }

  static async requestPermission(): Promise<NotificationPermission> {
    FakeNotification.permission = FakeNotification.answer;
    return FakeNotification.answer;
  }

  close(): void {
    this.closed = true;
  }
}

let hidden: boolean;

beforeEach(() => {
  hidden = true;
  FakeNotification.permission = 'default';
  FakeNotification.answer = 'granted';
  FakeNotification.shown = [];
  vi.stubGlobal('Notification', FakeNotification);
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('leave to show a notice', () => {
  it.each([
    ['granted', true],
    ['denied', false],
  ] as const)('can be asked for once: %s', async (answer, given) => {
    FakeNotification.answer = answer;
    expect(canAskForNotice()).toBe(true);
    expect(await askForNotice()).toBe(given);
    expect(canAskForNotice()).toBe(false);
  });

  it('cannot be asked for where there are no notices', async () => {
    Reflect.deleteProperty(globalThis, 'Notification');
    expect(canAskForNotice()).toBe(false);
    expect(await askForNotice()).toBe(false);
    expect(() => showDoneNotice('text')).not.toThrow();
  });
});

describe('a notice', () => {
  it('is shown while the page is hidden, and shows the page when it is clicked', () => {
    FakeNotification.permission = 'granted';
    const focus = vi.spyOn(globalThis, 'focus').mockImplementation(() => {});
    showDoneNotice('Received: 3 files, 12 MB');
    const [notice] = FakeNotification.shown;
    expect(notice?.body).toBe('Received: 3 files, 12 MB');
    notice?.dispatchEvent(new Event('click'));
    expect(focus).toHaveBeenCalledOnce();
    expect(notice?.closed).toBe(true);
  });

  it('is not shown where the page is seen', () => {
    FakeNotification.permission = 'granted';
    hidden = false;
    showDoneNotice('text');
    expect(FakeNotification.shown).toEqual([]);
  });

  it.each(['default', 'denied'] as const)('is not shown where leave is %s', (permission) => {
    FakeNotification.permission = permission;
    showDoneNotice('text');
    expect(FakeNotification.shown).toEqual([]);
  });

  it('is left out where only a service worker may show one', () => {
    class Refusing extends FakeNotification {
      static override permission: NotificationPermission = 'granted';

      constructor() {
        super('');
        throw new TypeError('illegal constructor');
      }
    }
    vi.stubGlobal('Notification', Refusing);
    expect(() => showDoneNotice('text')).not.toThrow();
  });
});
