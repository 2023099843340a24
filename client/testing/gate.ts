/** Something that others wait for, until the test lets it go or has it fail. */
export interface Gate {
  readonly passed: Promise<void>;
  readonly open: () => void;
  readonly fail: () => void;
}

/** A gate that is shut. */
export function gate(): Gate {
  let open: () => void = () => {};
  let fail: () => void = () => {};
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = () => reject(new Error('as the test asked'));
  });
  return { passed, open, fail };
}
