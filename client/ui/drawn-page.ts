import type { Signal } from '@preact/signals';
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';

/** For tests: a component drawn into the document, searched as assistive technology sees it. */
export class DrawnPage {
  readonly root: HTMLElement;

  private constructor(root: HTMLElement) {
    this.root = root;
  }

  /** Draws `children` alone into the document. */
  static async draw(children: ComponentChildren): Promise<DrawnPage> {
    const root = document.createElement('div');
    document.body.replaceChildren(root);
    await act(() => render(children, root));
    return new DrawnPage(root);
  }

  /** Ends the effects of what is drawn. */
  async erase(): Promise<void> {
    await act(() => render(null, this.root));
    this.root.remove();
  }

  /** Everything with this role and, if given, exactly this accessible name. */
  all(role: Role, name?: string, within: Element = this.root): HTMLElement[] {
    return [...within.querySelectorAll<HTMLElement>(SELECTORS[role])].filter(
      (element) => name === undefined || accessibleName(element) === name,
    );
  }

  /** The only element with this role and name; throws where there is none or more than one. */
  one(role: Role, name?: string, within: Element = this.root): HTMLElement {
    const [only, ...others] = this.all(role, name, within);
    if (only === undefined || others.length > 0) {
      const count = only === undefined ? 0 : others.length + 1;
      throw new Error(`${count} of role ${role} named ${name ?? '(any)'}`);
    }
    return only;
  }

  /** Presses the only button with this name. */
  async press(name: string): Promise<void> {
    await this.click(this.one('button', name));
  }

  /** Clicks on what is drawn. */
  async click(element: HTMLElement): Promise<void> {
    await act(() => element.click());
  }

  /** The page's words, white space folded. */
  get text(): string {
    return fold(this.root.textContent);
  }
}

/** For tests: changes a state and lets what is drawn of it follow. */
export async function become<State>(state: Signal<State>, next: State): Promise<void> {
  await act(() => {
    state.value = next;
  });
}

type Role = keyof typeof SELECTORS;

const SELECTORS = {
  main: 'main',
  heading: 'h1, h2, h3',
  button: 'button',
  link: 'a[href]',
  list: 'ul, ol',
  listitem: 'li',
  textbox: 'input[type=text]',
  file: 'input[type=file]',
  checkbox: 'input[type=checkbox]',
  radio: 'input[type=radio]',
  combobox: 'select',
  dialog: 'dialog[open]',
  progressbar: 'progress',
  status: '[role=status]',
  alert: '[role=alert]',
  img: '[role=img]',
  radiogroup: '[role=radiogroup], fieldset',
  table: 'table',
  row: 'tr',
  log: '[role=log]',
  spinbutton: 'input[type=number]',
} as const;

/** The parts of the accessible name computation that these pages use: label attributes, labels, then the text. */
function accessibleName(element: HTMLElement): string {
  const label = element.getAttribute('aria-label');
  if (label !== null) return label;
  const labelledBy = element.getAttribute('aria-labelledby');
  if (labelledBy !== null) return fold(document.getElementById(labelledBy)?.textContent);
  const caption = element.matches('table, fieldset') && element.querySelector('caption, legend');
  if (caption) return fold(caption.textContent);
  if (!element.matches('input, select')) return fold(element.textContent);
  const wrapping = element.closest('label');
  const pointing = document.querySelector(`label[for="${element.id}"]`);
  return fold((wrapping ?? pointing)?.textContent);
}

function fold(text: string | null | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
