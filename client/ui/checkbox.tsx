import type { ComponentChildren } from 'preact';

/** What a checkbox stands for: so many things, so many of them chosen. */
export interface Choice {
  readonly count: number;
  readonly of: number;
  readonly onChange: (included: boolean) => void;
}

interface CheckboxProps extends Choice {
  readonly class: string;
  /** its accessible name where that is not its words */
  readonly name?: string;
  readonly children: ComponentChildren;
}

/** A checkbox with its words, all of which can be pressed; mixed where some of what it stands for is chosen. */
export function Checkbox(props: CheckboxProps) {
  const { count, of, onChange } = props;
  return (
    <label class={`choice ${props.class}`}>
      <input
        type="checkbox"
        checked={count === of}
        indeterminate={count > 0 && count < of}
        aria-label={props.name}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {props.children}
    </label>
  );
}
